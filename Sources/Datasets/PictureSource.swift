internal import Glibc
internal import Pictures
internal import Synchronization

/// Where the pictures of a split come from: an ordered list of labelled items.
///
/// Labels are those of the whole data set, before any selection of classes. `picture(at:)` is called
/// from several threads at once.
protocol PictureSource: Sendable {
  /// The label of each item.
  var labels: [Int] { get }
  /// A name that identifies an item for a reader and in a record.
  func name(at index: Int) -> String
  func picture(at index: Int) throws(DatasetError) -> Picture
}

/// The items of a split of Shapes world, drawn when they are asked for.
///
/// Drawings are kept, 3 KB each and at most ``mostKept`` of them, so that later epochs cost nothing.
final class DrawnPictures: PictureSource {
  let labels: [Int]
  private let set: ShapesSet
  private let part: SplitPart
  private let seed: Int
  private let gap: Double
  private let kept = Mutex<[Int: Picture]>([:])

  static let mostKept = 4096

  init(_ set: ShapesSet, _ part: SplitPart, perClass: Int, seed: Int, gap: Double) {
    self.set = set
    self.part = part
    self.seed = seed
    self.gap = gap
    labels = (0..<perClass).flatMap { _ in 0..<set.classCount }
  }

  func name(at index: Int) -> String { "\(part.rawValue)/\(index)" }

  func picture(at index: Int) throws(DatasetError) -> Picture {
    if let picture = kept.withLock({ $0[index] }) { return picture }
    let pixels = ShapesWorld.pixels(set, part, item: index, seed: seed, gap: gap)
    do throws(PictureError) {
      let picture = try Picture(
        width: ShapesWorld.side, height: ShapesWorld.side, pixels: pixels)
      kept.withLock { if $0.count < Self.mostKept { $0[index] = picture } }
      return picture
    } catch {
      throw .picture(name: name(at: index), error)
    }
  }
}

/// The files of a split, decoded whenever they are asked for.
struct PictureFiles: PictureSource {
  let labels: [Int]
  let root: String
  /// Paths below the root.
  let paths: [String]

  func name(at index: Int) -> String { paths[index] }

  func picture(at index: Int) throws(DatasetError) -> Picture {
    do throws(PictureError) {
      return try Picture(contentsOf: "\(root)/\(paths[index])")
    } catch {
      throw .picture(name: paths[index], error)
    }
  }
}
