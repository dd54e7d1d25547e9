internal import Foundation
package import Language
internal import Tensor

extension Engine {
  /// Everything that the language takes from the engine: words, types, hooks and the library.
  ///
  /// What goes out to a terminal (`print`, notices, progress) and comes in from a user (the interrupt)
  /// is added by the program.
  package func host(_ library: Library) throws -> ScriptHost {
    self.library = library
    var host = ScriptHost()
    host.natives = natives()
    host.types = types()
    host.constants = [("pi", .float(.pi))]
    host.recording = Recording(
      pause: { [self] in pauseRecording() }, resume: { [self] in resumeRecording() })
    host.translate = { [self] in fault(for: $0) }
    host.promote = { [self] in
      try $0.number.map { self.value(try Tensor(Float($0))) }
    }
    host.load = { try library.load($0) }
    host.completePath = { completion in
      switch completion {
      case .library(let beginning): library.completions(of: beginning)
      case .file(let beginning): Library.files(beginning)
      }
    }
    host.prelude = try library.text(of: "prelude.duet")
    return host
  }

  /// The native words, family by family.
  private func natives() -> [Native] {
    let families: [[Native]] = [
      tensorNatives(), drawNatives(), mathNatives(), reductionNatives(), shapeNatives(),
      parameterNatives(),
      optimizerNatives(), clipNatives(), vocabularyNatives(), datasetNatives(), dataReportNatives(),
      resultNatives(), planNatives(), progressNatives(), methodNatives(), storeNatives(),
      exportNatives(), featureNatives(), trainingNatives(),
      measuringNatives(),
    ]
    return families.flatMap { $0 }
  }

  private func types() -> [HostType] {
    [
      HostType("Tensor", doc: "A dense array of float32.") { $0.object is TensorValue },
      HostType(
        "Classes", article: "a list of names or a table of tokens",
        doc: "The classes of a task. A contract binds their number as `C`.", dimensions: ["C"],
        sizes: { [($0.list?.count ?? ($0.object as? TokenTableValue)?.count) ?? 0] },
        advice: { $0.list?.isEmpty == true ? "there must be at least one class" : nil }
      ) { value in
        if value.object is TokenTableValue { return true }
        guard let names = value.list, !names.isEmpty else { return false }
        return names.allSatisfy { $0.string != nil }
      },
      HostType(
        "Words", article: "a String or a list of token ids", doc: "A few words, or their tokens."
      ) { value in
        value.string != nil || value.list.map { $0.allSatisfy { $0.int != nil } } == true
      },
      HostType("CLIP", doc: "A contrastive language-image model.") { $0.object is ClipValue },
      HostType("Dataset", doc: "Labelled pictures.") { $0.object is DatasetValue },
      HostType("Split", doc: "A part of a data set.") { $0.object is SplitValue },
      HostType("TokenTable", doc: "Classes as rows of tokens.") { $0.object is TokenTableValue },
      HostType("Vocabulary", doc: "A byte-pair vocabulary.") { $0.object is VocabularyValue },
      HostType("Result", doc: "Numbers on a grid of named axes.") { $0.object is ResultValue },
      HostType("Table", doc: "Named columns of one length.") { $0.object is TableValue },
      HostType("Progress", doc: "How far a task has come.") { $0.object is ProgressValue },
    ]
  }
}
