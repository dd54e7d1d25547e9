internal import Datasets
internal import Pictures
internal import Store

/// Pictures as Pillow decodes, resizes and crops them: every byte must be the same.
///
/// A list names the arrays of `expected.h5`: `decoded_rgb` [H, W, 3], `convert_first_n` [3, n, n] for the
/// shorter side resized to n and the middle cropped, `normalized_n` [3, n, n]; further the boxes of random
/// crops with what comes of them, the boxes where no random one fits, and a table of sizes. What only
/// another order of operations gives (`resize_first_n`) is not compared. Decoders of JPEG may differ by
/// 3 in a byte and 0.5 on average; what follows is computed from the list's own pixels then.
struct PictureCases {
  private let list: CaseList
  private let expected: ExpectedArrays

  init(_ list: CaseList) {
    self.list = list
    expected = ExpectedArrays(list.file("expected.h5") ?? "")
  }

  func cases(_ cases: [JSON]) -> [ReferenceCase] {
    cases.flatMap(pictureCases) + (list.json["random_resized_crop"]?.array ?? []).map(crop)
      + [fallbacks, geometry].compactMap { $0 }
  }

  private func pictureCases(_ entry: JSON) -> [ReferenceCase] {
    let name = entry["file"]?.string ?? "?"
    let datasets = entry["datasets"]?.object ?? []
    let decoded = entry["datasets"]?["decoded_rgb"]?.string
    return datasets.compactMap { dataset in
      if dataset.name.hasPrefix("resize_first") { return nil }
      return ReferenceCase(name: "\(name)/\(dataset.name)") {
        outcome { () throws(CaseFailure) in
          let path = try text(dataset.value.string, "the name of an array")
          let picture = try picture(name)
          if dataset.name == "decoded_rgb" { return try compareDecoded(picture, path) }
          let own = try agreed(picture, decoded)
          if let side = number(dataset.name, after: "convert_first_") {
            return try compareFitted(own, side, path)
          }
          if let side = number(dataset.name, after: "normalized_") {
            return try compareNormalized(own, side, path)
          }
          return .skipped("what '\(dataset.name)' means is not known to this version")
        }
      }
    }
  }

  // MARK: - Pixels

  private func picture(_ name: String) throws(CaseFailure) -> Picture {
    let path = try text(list.file(name), "a file beside the list")
    do throws(PictureError) {
      return try Picture(contentsOf: path)
    } catch {
      throw CaseFailure("\(name): \(Engine.sentence(error))")
    }
  }

  private func compareDecoded(_ picture: Picture, _ path: String) throws(CaseFailure)
    -> ReferenceCase.Outcome
  {
    let values = try expected.bytes(path, [picture.height, picture.width, 3])
    let difference = Difference(picture.pixels, values)
    let isJPEG = path.contains("_jpg") || path.contains("jpeg")
    return difference.outcome(
      path,
      isAllowed: isJPEG ? difference.largest <= 3 && difference.mean <= 0.5 : difference.isNone)
  }

  /// The picture, or where a decoder of JPEG differs within what is allowed, the list's own pixels.
  private func agreed(_ picture: Picture, _ decoded: String?) throws(CaseFailure) -> Picture {
    guard let decoded else { return picture }
    let values = try expected.bytes(decoded, [picture.height, picture.width, 3])
    guard !Difference(picture.pixels, values).isNone else { return picture }
    do throws(PictureError) {
      return try Picture(width: picture.width, height: picture.height, pixels: values)
    } catch {
      throw CaseFailure("\(decoded): \(Engine.sentence(error))")
    }
  }

  private func compareFitted(_ picture: Picture, _ side: Int, _ path: String) throws(CaseFailure)
    -> ReferenceCase.Outcome
  {
    let fitted = try of(path) { () throws(PictureError) in try picture.fitted(to: side) }
    let difference = Difference(
      fitted.planes, try expected.bytes(path, [3, fitted.height, fitted.width]))
    return difference.outcome(path, isAllowed: difference.isNone)
  }

  private func compareNormalized(_ picture: Picture, _ side: Int, _ path: String)
    throws(CaseFailure) -> ReferenceCase.Outcome
  {
    let numbers = try of(path) { () throws(PictureError) in
      try Preprocessing.clip(side: side).numbers(of: picture)
    }
    let values = try expected.floats(path, [3, side, side])
    var worst = 0.0
    for (own, other) in zip(numbers, values) { worst = max(worst, abs(Double(own) - other)) }
    // One rounding of float32 at numbers below 4.
    guard worst <= 5e-7 else { return .failed("\(path): \(worst)") }
    return .passed(.init(entry: path, error: "\(worst)"))
  }

  private func of<Result>(
    _ path: String, _ work: () throws(PictureError) -> Result
  ) throws(CaseFailure) -> Result {
    do throws(PictureError) { return try work() } catch {
      throw CaseFailure("\(path): \(Engine.sentence(error))")
    }
  }

  // MARK: - Random crops

  private func crop(_ entry: JSON) -> ReferenceCase {
    let name = entry["dataset"]?.string ?? entry["file"]?.string ?? "?"
    return ReferenceCase(name: "random_resized_crop/\(name)") {
      outcome { () throws(CaseFailure) in
        let file = try text(entry["file"]?.string, "a file")
        let picture = try agreed(try picture(file), decoded(of: file))
        let side = try number(entry, "size")
        let region = try region(entry, "width", "height")
        let flips = entry["flip"]?.bool ?? false
        let view = try of(name) { () throws(PictureError) in
          let view = try picture.cropped(to: region).resized(width: side, height: side)
          return flips ? view.flipped() : view
        }
        let difference = Difference(view.planes, try expected.bytes(name, [3, side, side]))
        return difference.outcome(name, isAllowed: difference.isNone)
      }
    }
  }

  private func decoded(of file: String) -> String? {
    list.json["cases"]?.array?.first { $0["file"]?.string == file }?["datasets"]?["decoded_rgb"]?
      .string
  }

  private func region(_ entry: JSON, _ width: String, _ height: String) throws(CaseFailure)
    -> Region
  {
    Region(
      left: try number(entry, "left"), top: try number(entry, "top"),
      width: try number(entry, width), height: try number(entry, height))
  }

  private var fallbacks: ReferenceCase? {
    guard let entries = list.json["random_resized_crop_fallback"]?.array else { return nil }
    return ReferenceCase(name: "random_resized_crop_fallback") {
      outcome { () throws(CaseFailure) in
        for entry in entries {
          let (width, height) = (try extent(entry, "width"), try extent(entry, "height"))
          let expected = try region(entry, "crop_width", "crop_height")
          let own = RandomResizedCrop.fallback(width: width, height: height)
          guard own == expected else { return .failed("\(width) x \(height): \(own)") }
        }
        return .passed(.init(entry: "boxes", error: "\(entries.count) of \(entries.count) equal"))
      }
    }
  }

  private var geometry: ReferenceCase? {
    guard let entries = list.json["geometry"]?.array else { return nil }
    return ReferenceCase(name: "geometry") {
      outcome { () throws(CaseFailure) in
        for entry in entries {
          let (width, height) = (try extent(entry, "width"), try extent(entry, "height"))
          let side = try extent(entry, "n")
          let size = Region.size(ofShorterSide: side, forWidth: width, height: height)
          let middle = Region.center(side, ofWidth: size.width, height: size.height)
          let own = [size.width, size.height, middle.left, middle.top]
          let expected = [
            try number(entry, "resized_width"), try number(entry, "resized_height"),
            try number(entry, "crop_left"), try number(entry, "crop_top"),
          ]
          guard own == expected else {
            return .failed("\(width) x \(height) to \(side): \(own), not \(expected)")
          }
        }
        return .passed(.init(entry: "sizes", error: "\(entries.count) of \(entries.count) equal"))
      }
    }
  }

  // MARK: - Reading the list

  private func number(_ entry: JSON, _ name: String) throws(CaseFailure) -> Int {
    guard let number = entry[name]?.int else { throw CaseFailure("it has no number '\(name)'") }
    return number
  }

  /// A length that a picture may have.
  private func extent(_ entry: JSON, _ name: String) throws(CaseFailure) -> Int {
    let extent = try number(entry, name)
    guard (1...Picture.mostPixels).contains(extent) else {
      throw CaseFailure("'\(name)' is \(extent)")
    }
    return extent
  }

  private func number(_ name: String, after word: String) -> Int? {
    name.hasPrefix(word) ? Int(name.dropFirst(word.count)) : nil
  }

  private func text(_ text: String?, _ what: String) throws(CaseFailure) -> String {
    guard let text else { throw CaseFailure("it does not name \(what)") }
    return text
  }
}

extension Picture {
  /// The bytes channel by channel: [3, H, W]
  fileprivate var planes: [UInt8] {
    (0..<3).flatMap { channel in
      stride(from: channel, to: pixels.count, by: 3).map { pixels[$0] }
    }
  }
}

/// How far bytes are from those of a list.
private struct Difference {
  private(set) var largest = 0
  private(set) var mean = 0.0

  init(_ own: [UInt8], _ other: [UInt8]) {
    var sum = 0
    for (a, b) in zip(own, other) {
      let error = abs(Int(a) - Int(b))
      sum += error
      largest = max(largest, error)
    }
    mean = own.isEmpty ? 0 : Double(sum) / Double(own.count)
  }

  var isNone: Bool { largest == 0 }

  func outcome(_ entry: String, isAllowed: Bool) -> ReferenceCase.Outcome {
    let words = isNone ? "0" : "\(largest)/255, \((mean * 1000).rounded() / 1000) on average"
    return isAllowed
      ? .passed(.init(entry: entry, error: words)) : .failed("\(entry): \(words)")
  }
}
