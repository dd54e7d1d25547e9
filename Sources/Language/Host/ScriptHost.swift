/// Everything that the language takes from outside: effects, words and limits.
///
/// A session owns one. There is no other way out of the language: it prints, reads files, looks at
/// the clock and learns of an interrupt through these closures alone.
package struct ScriptHost {
  /// Takes what `print` prints, line break included.
  package var print: (String) -> Void = { _ in }
  /// The columns that a printed object may take.
  package var width: () -> Int = { 80 }
  /// Takes a notice or warning for the user, without line break; see ``Interpreter/notice(_:)``.
  package var notice: (String) -> Void = { _ in }
  /// Finds the text of an import.
  package var load: (ImportRequest) throws -> LoadedSource = { request in
    throw Fault(.import, "'\(request.path)' cannot be imported: there is no loader")
  }
  /// The paths that complete the beginning of an import or of a file name in a string.
  package var completePath: (PathCompletion) -> [String] = { _ in [] }
  /// Seconds from some fixed moment.
  package var clock: () -> Double = { 0 }
  /// Whether the user asked to stop. Asked every few thousand steps and around each native.
  package var isInterrupted: () -> Bool = { false }
  /// Whether the process holds too much memory. Asked now and then and before large values.
  package var isMemoryShort: () -> Bool = { false }
  /// Whether so many bytes more can be had. Asked before a large list or string is made.
  package var hasRoom: (_ bytes: Int) -> Bool = { _ in true }
  /// What happens around a `no_grad` block.
  package var recording = Recording()
  /// Turns an error of the engine into a fault; `nil` when it is unknown.
  package var translate: (any Error) -> Fault? = { _ in nil }
  /// Turns a plain value, such as the number of `param scale = 1.0`, into an object that can be a
  /// parameter; `nil` when it cannot.
  package var promote: (Value) throws -> Value? = { _ in nil }
  /// The largest of everything that could grow without end.
  package var limits = Limits()
  /// The functions written in Swift. One with the name of a built-in word replaces it.
  package var natives: [Native] = []
  /// The host's types.
  package var types: [HostType] = []
  /// Named values that are always there.
  package var constants: [(name: String, value: Value)] = []
  /// The text whose names every script sees. Its imports are loaded when first used.
  package var prelude: LoadedSource?

  /// A host without effects: nothing is printed, nothing can be loaded.
  package init() {}
}

/// What happens on entering and leaving a `no_grad` block. The two calls always balance, whether
/// the block ends, returns, throws or is interrupted.
package struct Recording {
  /// Called on entering.
  package var pause: () -> Void = {}
  /// Called on leaving.
  package var resume: () -> Void = {}

  /// Hooks that do nothing.
  package init() {}

  /// A pair of hooks.
  package init(pause: @escaping () -> Void, resume: @escaping () -> Void) {
    self.pause = pause
    self.resume = resume
  }
}

/// An import on its way to the host.
package struct ImportRequest {
  /// Where to look.
  package enum Kind {
    /// `import protocols.few_shot`: the words, in the library.
    case library([String])
    /// `import "own.duet"`: a path relative to the importing file.
    case file(String)
  }

  /// Where to look.
  package let kind: Kind
  /// The name of the importing text, as its ``LoadedSource/name`` or the session's cell says.
  package let importer: String

  /// The path as the script wrote it.
  package var path: String {
    switch kind {
    case .library(let words): words.joined(separator: ".")
    case .file(let path): path
    }
  }
}

/// A text that the host found.
package struct LoadedSource {
  /// The name for diagnostics.
  package let name: String
  /// The text.
  package let text: String
  /// What tells this file from all others: the same identity is loaded once.
  package let identity: String
  /// Whether its frames are folded away in call chains.
  package let isLibrary: Bool

  /// Makes a source.
  package init(name: String, text: String, identity: String? = nil, isLibrary: Bool = false) {
    self.name = name
    self.text = text
    self.identity = identity ?? name
    self.isLibrary = isLibrary
  }
}

/// The beginning of a path that wants completing.
package enum PathCompletion {
  /// Behind `import`: words of the library joined by dots, the last one unfinished.
  case library(String)
  /// Inside a string: a path in the file system.
  case file(String)
}

/// The largest of everything that could grow without end.
package struct Limits {
  /// Script calls inside each other.
  package var calls = 10_000
  /// Natives that call scripts that call natives: each level uses the machine's own stack.
  package var reentries = 100
  /// Brackets, blocks and operators inside each other in a text.
  package var nesting = 200
  /// Lists and records inside each other.
  package var valueDepth = 500
  /// Files that import each other in a chain.
  package var imports = 50
  /// Elements of a list.
  package var listCount = 50_000_000
  /// Bytes of a string.
  package var stringBytes = 500_000_000

  /// The usual limits.
  package init() {}
}
