/// What the page does beyond showing: filtering the tensors, and opening the one that a link leads
/// to. Everything can still be read without it.
enum Script {
  static let text: Markup = #"""
    (() => {
      'use strict';
      const section = document.getElementById('tensors');
      if (!section) return;
      const controls = section.querySelector('.controls');
      const field = controls.querySelector('input');
      const status = controls.querySelector('[role=status]');
      const [openAll, closeAll] = controls.querySelectorAll('button');
      const rows = Array.from(section.querySelectorAll('details.tensor'), (element) => ({
        element,
        name: element.querySelector('summary code').textContent.toLowerCase(),
      }));
      const groups = Array.from(section.querySelectorAll('.group'));
      const shown = () => rows.filter((row) => !row.element.hidden);
      const filter = () => {
        const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
        for (const row of rows) {
          row.element.hidden = !words.every((word) => row.name.includes(word));
        }
        for (const group of groups) {
          group.hidden = !group.querySelector('details.tensor:not([hidden])');
        }
        status.textContent = shown().length + ' of ' + rows.length + ' tensors';
      };
      const setOpen = (isOpen) => {
        for (const row of shown()) row.element.open = isOpen;
      };
      const follow = () => {
        const target = location.hash && document.getElementById(location.hash.slice(1));
        if (!target || !target.matches('details')) return;
        if (target.hidden) {
          field.value = '';
          filter();
        }
        target.open = true;
        target.scrollIntoView();
      };
      field.addEventListener('input', filter);
      openAll.addEventListener('click', () => setOpen(true));
      closeAll.addEventListener('click', () => setOpen(false));
      window.addEventListener('hashchange', follow);
      controls.hidden = false;
      filter();
      follow();
    })();
    """#
}
