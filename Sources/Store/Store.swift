// Files: HDF5 in and out, as trees of tensors, arrays and attributes; checkpoints of other programs in;
// knowing no CLIP and no script.
//
// Duet writes with the HDF5 library and reads with a reader of its own, in `Reading`. The library
// is written in C, and a file with one wrong byte is often its end: of files in which a few bytes had
// been changed at random, 1.3 to 3.5 % (by format) crashed libhdf5 1.10.8 (Debian 12) or kept it busy for ever.
// A checkpoint from a colleague must not do that. The reader knows the format as far as
// h5py, MATLAB and netCDF use it for numbers, Bool and text; it checks every address and
// size, believes no size that is not backed by bytes, follows no link out of the file, and gives
// an error with the path inside the file for everything else. Because it knows where the bytes
// are, it also maps the weights of a CLIP without reading them.
//
// From the outside in:
// - `Contents`: what Duet keeps in files. ``Archive`` is a file as a whole; ``Checkpoint``, ``StoredWeights``,
//   ``Results`` and values of scripts are kinds of content; ``Provenance`` says where they are from
// - `Tree`: ``Node``, the tree in memory, and ``StoredValue``, the values that scripts put into it
// - `Inspection`: the content hash, listings, and the comparison of two files
// - `Writing`: the library's ids and calls, the tree into a file in memory, that file onto the
//   disk, the lock that keeps other processes from it meanwhile
// - `Reading`: bytes, headers, heaps, trees and chunks, from the superblock to a ``Node``
// - `Checkpoints`: safetensors and the archives of torch, read as strictly; ``StateDict`` is their face
// - `JSON`: headers, configurations, vocabularies
//
// Errors are ``StoreError``s, whatever the bytes of a file.

/// How much a file may make its reader do.
package struct ReadLimits: Equatable, Sendable {
  /// Bytes of all elements that are read into memory; mapped tensors do not count.
  package var bytes = 4 << 30
  /// Bytes of elements that the file declares and does not store.
  package var unstored = 64 << 20
  /// Levels of groups.
  package var depth = 64
  /// Groups, datasets and attributes.
  package var objects = 500_000

  /// The usual limits.
  package init() {}
}
