/// How the page looks: one measure, one accent, light and dark, on screens and on paper.
enum Stylesheet {
  static let text: Markup = """
    :root {
      --paper: #fdfdfb; --ink: #1c1e21; --soft: #5b6168; --line: #dedfd9; --wash: #f4f4f0;
      --accent: #14608f; --fill: #d3e3ee; --bar: #5f97bb; --bar2: #b98a4a;
      --error: #a5221b; --warning: #865600; --good: #2c6b39;
    }
    @media (prefers-color-scheme: dark) {
      :root {
        --paper: #16181b; --ink: #e7e7e3; --soft: #a2a8ae; --line: #33373c; --wash: #1f2226;
        --accent: #8cc3e8; --fill: #24394a; --bar: #5b94b9; --bar2: #b58b54;
        --error: #ff8f86; --warning: #e5b566; --good: #86c994;
      }
    }
    * { box-sizing: border-box; }
    html { scroll-behavior: smooth; -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
    body {
      margin: 0 auto; padding: 0 1.5rem 4rem; max-width: 66rem; background: var(--paper);
      color: var(--ink);
      font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
      font-variant-numeric: tabular-nums; overflow-wrap: break-word;
    }
    code, pre, .shape, text {
      font-family: ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace;
    }
    code { font-size: .875em; overflow-wrap: anywhere; }
    a { color: var(--accent); text-underline-offset: .15em; text-decoration-thickness: .06em; }
    :focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 2px; }
    .skip { position: absolute; left: -100rem; }
    .skip:focus { left: 1rem; top: 1rem; background: var(--paper); padding: .5rem; z-index: 1; }
    .soft, small, figcaption, caption { color: var(--soft); }
    .hidden {
      position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%);
    }

    header { padding-top: 3.5rem; }
    .kicker {
      margin: 0; color: var(--accent); font-size: .8125rem; font-weight: 600;
      letter-spacing: .09em; text-transform: uppercase;
    }
    h1 { margin: .1em 0 .15em; font-size: 2.5rem; line-height: 1.12; letter-spacing: -.022em; font-weight: 650; }
    .file { margin: 0; }
    .file code { font-size: 1rem; }
    .file span { color: var(--soft); }
    .file code + span { margin-left: .5rem; }
    .figures {
      display: grid; grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr)); gap: 1rem 2rem;
      margin: 1.75rem 0 0; padding: 1.1rem 0; border-block: 1px solid var(--line);
    }
    .figures div { display: flex; flex-direction: column; }
    .figures dd { margin: 0; font-size: 1.75rem; line-height: 1.2; letter-spacing: -.015em; font-weight: 600; }
    .figures dt { color: var(--soft); font-size: .875rem; }
    .figures.small { border: 0; margin: 0; padding: .25rem 0 1rem; }
    .figures.small dd { font-size: 1.25rem; }
    nav ul { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; margin: 1rem 0 0; padding: 0; list-style: none; font-size: .9375rem; }
    nav a { text-decoration: none; }
    nav a:hover { text-decoration: underline; }

    section { margin-top: 3.25rem; }
    h2 { margin: 0 0 .9rem; font-size: 1.375rem; line-height: 1.25; letter-spacing: -.012em; font-weight: 650; }
    h3 { margin: 1.75rem 0 .5rem; font-size: 1rem; font-weight: 650; }
    p { margin: 0 0 .9rem; max-width: 44rem; }
    section p, section li { font-size: .9375rem; }

    .facts { display: grid; grid-template-columns: 7rem 1fr; gap: .3rem 1rem; margin: 0; font-size: .9375rem; }
    .facts dt { color: var(--soft); grid-column: 1; }
    .facts dd { margin: 0; grid-column: 2; overflow-wrap: anywhere; }

    .verdict { font-size: 1.0625rem; }
    .verdict.good strong { color: var(--good); }
    .verdict.bad strong { color: var(--error); }
    .finding { margin: 1rem 0; padding: .1rem 0 .1rem 1rem; border-left: 3px solid var(--soft); break-inside: avoid; }
    .finding.error { border-color: var(--error); }
    .finding.warning { border-color: var(--warning); }
    .finding h3 { margin: 0 0 .2rem; }
    .finding p { margin: 0 0 .4rem; color: var(--soft); }
    .finding ul { margin: 0; padding-left: 1.1rem; }
    .severity {
      display: inline-block; margin-right: .35rem; padding: 0 .45em; border: 1px solid currentColor; border-radius: 3px;
      font-size: .75rem; font-weight: 600; letter-spacing: .03em; color: var(--soft); vertical-align: .1em;
    }
    .error .severity { color: var(--error); }
    .warning .severity { color: var(--warning); }

    .scroll { overflow-x: auto; }
    table { border-collapse: collapse; width: 100%; font-size: .875rem; }
    caption { text-align: left; padding-bottom: .5rem; font-size: .875rem; }
    th, td { padding: .4rem 1rem .4rem 0; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); font-weight: 400; }
    th:last-child, td:last-child { padding-right: 0; }
    thead th { color: var(--soft); font-size: .8125rem; vertical-align: bottom; }
    tfoot th, tfoot td { border-bottom: 0; font-weight: 650; }
    tbody th { font-weight: 500; }
    tbody th:has(code) { min-width: 12rem; }
    .number { text-align: right; white-space: nowrap; }
    .shape { white-space: nowrap; font-size: .8125rem; }
    .bar { width: 24%; min-width: 7rem; }
    .bar span { display: flex; justify-content: space-between; gap: .5rem; white-space: nowrap; }
    .bar svg { display: block; margin-top: .15rem; }
    .layers .bar { width: 18%; }
    .pairs .bar { width: 12%; min-width: 5rem; }
    .pairs tbody th { min-width: 16rem; }
    .pairs th, .pairs td { padding-right: .75rem; }
    .track { fill: var(--wash); }
    .parameters { fill: var(--bar); }
    .macs { fill: var(--bar2); }

    figure { margin: 0; }
    figcaption { margin-top: .75rem; font-size: .875rem; max-width: 44rem; }
    .drawing svg { display: block; max-width: none; }
    .row svg { margin: 0 auto; max-width: 100%; height: auto; }
    .column { display: none; }
    .drawing text { fill: var(--ink); font-size: 11.5px; }
    .drawing .title { font-family: system-ui, -apple-system, "Segoe UI", Roboto, Arial, sans-serif; font-size: 13px; font-weight: 600; }
    .drawing .note { fill: var(--soft); }
    .drawing .shape { fill: var(--accent); font-size: 11.5px; }
    .box { fill: var(--fill); stroke: var(--accent); stroke-width: 1; }
    .tick { fill: none; stroke: var(--accent); stroke-opacity: .5; stroke-width: 1; }
    .arrow { fill: none; stroke: var(--soft); stroke-width: 1; }
    .drawing .head { fill: var(--soft); }
    .dot { fill: var(--accent); }

    details { border-bottom: 1px solid var(--line); }
    summary { padding: .45rem 0; cursor: pointer; font-size: .9375rem; }
    summary:hover { background: var(--wash); }
    summary .name { font-weight: 500; }
    details[open] > summary { margin-bottom: .5rem; }
    details[open] { padding-bottom: 1.25rem; }
    .labels { columns: 14rem; font-size: .875rem; }
    .labels li { font-size: .875rem; }
    pre { font-size: .8125rem; overflow-x: auto; }

    .controls { display: flex; flex-wrap: wrap; gap: .5rem .75rem; align-items: center; margin: 0 0 1rem; font-size: .9375rem; }
    .controls[hidden] { display: none; }
    .controls input, .controls button { font: inherit; color: inherit; background: var(--paper); border: 1px solid var(--soft); border-radius: 4px; padding: .2rem .6rem; }
    .controls input { width: 16rem; max-width: 100%; }
    .controls button { cursor: pointer; }
    .controls button:hover { background: var(--wash); }
    .controls [role=status] { color: var(--soft); }
    .group h3 { padding-bottom: .35rem; border-bottom: 1px solid var(--ink); margin-bottom: 0; }
    .group h3 .soft { font-weight: 400; }
    .tensor summary { display: grid; grid-template-columns: 1rem 4rem 1fr auto; gap: 0 .75rem; align-items: center; list-style: none; padding: .3rem 0; }
    .tensor summary::-webkit-details-marker { display: none; }
    .tensor summary::before { content: "›"; color: var(--soft); text-align: center; }
    .tensor[open] summary::before { transform: rotate(90deg); }
    .tensor summary .soft { font-size: .8125rem; white-space: nowrap; }
    .spark { display: block; width: 4rem; height: 1.1rem; }
    .spark path, .histogram use { fill: var(--bar); }
    .figure { display: grid; grid-template-columns: minmax(0, 26rem) minmax(0, 1fr); gap: 1rem 2.5rem; padding-left: 1.75rem; }
    .histogram svg { display: block; width: 100%; height: 8rem; border-bottom: 1px solid var(--soft); }
    .histogram p { display: flex; justify-content: space-between; margin: .25rem 0 0; font-size: .8125rem; color: var(--soft); }
    .zero { stroke: var(--soft); stroke-width: 1; stroke-dasharray: 2 3; fill: none; vector-effect: non-scaling-stroke; }
    .statistics { display: grid; grid-template-columns: repeat(auto-fill, minmax(7.5rem, 1fr)); gap: .5rem 1rem; margin: 0; font-size: .875rem; align-content: start; }
    .statistics dt { color: var(--soft); font-size: .8125rem; }
    .statistics dd { margin: 0; }
    .statistics .wide { grid-column: 1 / -1; }
    footer { margin-top: 4rem; padding-top: 1rem; border-top: 1px solid var(--line); color: var(--soft); font-size: .875rem; }

    @media screen and (max-width: 56rem) {
      .row { display: none; }
      .column { display: block; }
      .column svg { width: 100%; max-width: 24rem; height: auto; }
    }
    @media (max-width: 42rem) {
      body { padding: 0 1rem 3rem; }
      header { padding-top: 2rem; }
      h1 { font-size: 1.875rem; }
      .file code + span { display: block; margin: 0; }
      .figures { grid-template-columns: 1fr 1fr; gap: .75rem 1rem; }
      .figures dd { font-size: 1.375rem; }
      .facts { grid-template-columns: 1fr; gap: 0; }
      .facts dt { margin-top: .6rem; font-size: .8125rem; }
      .facts dt, .facts dd { grid-column: 1; }
      .size { display: none; }
      th, td { padding-right: .5rem; }
      caption { max-width: calc(100vw - 2rem); }
      .costs .shape { font-size: .75rem; }
      .bar { min-width: 0; }
      .bar span { display: block; }
      .bar small { display: none; }
      .layers .bar { min-width: 6rem; }
      .pairs tbody th { min-width: 12rem; }
      .tensor summary { grid-template-columns: .6rem 3rem 1fr; }
      .tensor summary .soft { grid-column: 3; white-space: normal; }
      .spark { width: 3rem; grid-row: 1 / span 2; grid-column: 2; }
      .tensor summary::before { grid-row: 1 / span 2; }
      .figure { grid-template-columns: minmax(0, 1fr); padding-left: 0; }
    }
    @media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } }
    @media print {
      :root {
        --paper: #fff; --ink: #000; --soft: #444; --line: #bbb; --wash: #eee; --accent: #14507a;
        --fill: #dde8f0; --bar: #5f97bb; --bar2: #b98a4a;
        --error: #a5221b; --warning: #865600; --good: #2c6b39;
      }
      body { max-width: none; padding: 0; font-size: 10pt; }
      header { padding-top: 0; }
      nav, .controls, .skip { display: none; }
      .scroll { overflow: visible; }
      a { color: inherit; text-decoration: none; }
      svg, .track { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
      section { margin-top: 2rem; }
      h2, h3, summary { break-after: avoid; }
      tr, figure, .figure { break-inside: avoid; }
      .tensor summary { padding: .1rem 0; }
    }
    """
}
