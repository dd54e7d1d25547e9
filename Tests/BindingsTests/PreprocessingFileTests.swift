import Bindings
import Datasets
import Pictures
import Store
import Testing

/// How checkpoints say what they want of pictures.
struct PreprocessingFileTests {
  private func huggingFace(_ text: String, side: Int = 224) throws -> Preprocessing {
    try Preprocessing(huggingFace: JSON(parsing: Array(text.utf8)), side: side)
  }

  private func openCLIP(_ text: String, side: Int = 224) throws -> Preprocessing {
    try Preprocessing(openCLIP: JSON(parsing: Array(text.utf8)), side: side)
  }

  @Test func `an empty description is OpenAI's way`() throws {
    #expect(try huggingFace("{}") == .clip(side: 224))
    #expect(try openCLIP("{}", side: 336) == .clip(side: 336))
    #expect(
      try huggingFace(#"{"size": null, "do_resize": null, "resample": null}"#) == .clip(side: 224))
    #expect(try openCLIP(#"{"mode": null, "interpolation": null}"#) == .clip(side: 224))
  }

  @Test func `sizes are numbers or objects`() throws {
    let usual = Preprocessing.clip(side: 224)
    for text in [
      #"{"size": 224, "crop_size": 224, "resample": 3}"#,
      #"{"size": {"shortest_edge": 224}, "crop_size": {"height": 224, "width": 224}}"#,
      #"{"size": null, "crop_size": null, "resample": null, "rescale_factor": null}"#,
      #"{"size": {"shortest_edge": 224, "longest_edge": null}}"#,
      #"{"do_resize": true, "do_rescale": true, "rescale_factor": 0.00392156862745098}"#,
    ] {
      #expect(try huggingFace(text) == usual)
    }
    let larger = try huggingFace(#"{"size": {"shortest_edge": 256}, "resample": 2}"#)
    #expect(larger.resizing == .shorterSide(256) && larger.interpolation == .bilinear)
    let squashed = try huggingFace(
      #"{"size": {"height": 224, "width": 224}, "do_center_crop": false}"#)
    #expect(squashed.resizing == .squash(224))
    #expect(try huggingFace(#"{"do_resize": false}"#).resizing == .none)
    #expect(try openCLIP(#"{"size": [224, 224], "mode": "RGB"}"#) == usual)
    let other = try openCLIP(#"{"resize_mode": "squash", "interpolation": "bilinear"}"#)
    #expect(other.resizing == .squash(224) && other.interpolation == .bilinear)
  }

  @Test func `means and deviations are taken, or bytes as they are`() throws {
    let half = try huggingFace(#"{"image_mean": [0.5, 0.5, 0.5], "image_std": [0.25, 0.25, 0.25]}"#)
    #expect(half.normalization == .mini)
    #expect(try openCLIP(#"{"mean": [0.5, 0.5, 0.5], "std": [0.25, 0.25, 0.25]}"#) == half)
    let plain = try huggingFace(#"{"do_normalize": false}"#)
    #expect(plain.normalization == Normalization(mean: [0, 0, 0], deviation: [1, 1, 1]))
  }

  @Test(arguments: [
    #"{"resample": 1}"#, #"{"resample": "3"}"#, #"{"do_rescale": false}"#,
    #"{"rescale_factor": 1}"#, #"{"do_convert_rgb": false}"#, #"{"do_center_crop": false}"#,
    #"{"crop_size": 336}"#, #"{"crop_size": {"height": 224, "width": 200}}"#,
    #"{"size": {"longest_edge": 224}}"#, #"{"size": -1}"#, #"{"size": 1e9}"#, #"{"size": []}"#,
    #"{"size": 9223372036854775807}"#, #"{"image_mean": [0, 0]}"#, #"{"image_std": [1, 1, 0]}"#,
    #"{"image_std": [1, 1, "1"]}"#, #"{"image_mean": 0.5}"#, #"{"do_resize": 0}"#,
    #"{"do_normalize": "false"}"#, #"{"do_rescale": []}"#, "null", "[]", "3",
  ]) func `what cannot be done is refused`(text: String) {
    #expect(throws: StoreError.Fault.self) { try huggingFace(text) }
  }

  @Test(arguments: [
    #"{"resize_mode": "longest"}"#, #"{"interpolation": "random"}"#, #"{"mode": "L"}"#,
    #"{"size": 336}"#, #"{"size": [224, 300]}"#, #"{"mean": [1, 2, 3, 4]}"#, #"{"std": [0, 0, 0]}"#,
    #"{"mode": 1}"#, #"{"resize_mode": ["squash"]}"#, #"{"interpolation": 3}"#, "null",
  ]) func `what open_clip does besides is refused`(text: String) {
    #expect(throws: StoreError.Fault.self) { try openCLIP(text) }
  }
}
