import ArgumentParser
import ByteIO
import ConvNeXtSchema
import Convert

extension CompletionKind {
  /// Files with a checkpoint's extension, and folders.
  static var checkpoints: CompletionKind {
    .file(extensions: OutputContainer.allExtensions + ["json", "tar"])
  }

  /// The names of the tensors in the file that the command line names.
  static var tensorNames: CompletionKind {
    .custom { words, _, prefix in
      CheckpointCompletion(words: words)?.tensorNames.offered(for: prefix) ?? []
    }
  }

  /// The dictionaries with tensors in the file that the command line names.
  static var dictionaries: CompletionKind {
    .custom { words, _, prefix in
      CheckpointCompletion(words: words)?.dictionaries.offered(for: prefix) ?? []
    }
  }

  /// The same for the second file.
  static var dictionariesOfSecond: CompletionKind {
    .custom { words, _, prefix in
      CheckpointCompletion(words: words, at: 1)?.dictionaries.offered(for: prefix) ?? []
    }
  }

  /// The published sizes, in the short and the full spelling.
  static var configurations: CompletionKind {
    .custom { _, _, prefix in
      let short = Variant.all.map { ($0.architecture.version == 2 ? "v2_" : "") + $0.name }
      let full = Variant.all.map(\.fullName).filter { !short.contains($0) }
      return (short + full + ["list"]).offered(for: prefix)
    }
  }
}

extension [String] {
  /// The candidates that begin with `prefix` and can be given to a shell.
  ///
  /// bash expands what it is given (`compgen -W`), and a file's names may be made to do harm there,
  /// so names with characters that are special to a shell are left out.
  fileprivate func offered(for prefix: String) -> [String] {
    let plain = Set(".-+/:@%,".utf8)
    return filter { name in
      name.utf8.starts(with: prefix.utf8)
        && name.utf8.allSatisfy { $0.isASCIIWord || plain.contains($0) }
    }
  }
}
