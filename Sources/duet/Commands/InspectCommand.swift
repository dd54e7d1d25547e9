internal import ArgumentParser
internal import Bindings

/// `duet inspect FILE`: what an HDF5 file or a checkpoint holds.
struct InspectCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "inspect", abstract: "Show what an HDF5 file or a checkpoint holds.",
    discussion: """
      Draws the groups and arrays of any HDF5 file with shapes, types, sizes, attributes and \
      provenance. The content hash of a file that Duet wrote is compared with its content; if it \
      does not match, the exit code is 70. Of checkpoints of other programs (safetensors, archives of torch) it \
      lists the tensors with shapes, types and sizes.
      """)

  @Argument(help: ArgumentHelp("The file.", valueName: "file"))
  var file: String

  @Flag(inversion: .prefixedNo, help: "Read everything and compare the content hash.")
  var verify = true

  func execute(_ console: Console) throws(Refusal) -> ExitStatus {
    let width = console.isTerminal ? console.width : .max
    let listing: (text: String, isSound: Bool)
    do throws(FileFailure) {
      listing = try FileInspection.listing(of: file, width: width, verify: verify)
    } catch {
      throw Refusal(error)
    }
    console.print(listing.text + "\n")
    if listing.isSound { return .done }
    throw Refusal("'\(file)' does not hold what was written to it", status: .failure)
  }
}
