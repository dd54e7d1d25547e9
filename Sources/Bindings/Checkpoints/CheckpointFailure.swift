internal import CLIP

/// A checkpoint that cannot be loaded, and why.
struct CheckpointFailure: Error {
  let file: String
  let error: CheckpointError
}
