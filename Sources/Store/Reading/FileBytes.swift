internal import Foundation

/// A regular file open for reading. Whatever address a damaged file names, every read is checked
/// against the size that the file had when it was opened.
///
/// What describes the data (headers, trees, heaps) draws on an allowance that grows with the file:
/// a malicious file may name the same block again and again, but not read it for ever.
final class FileBytes {
  /// How many bytes the file has.
  let size: Int
  /// Where the HDF5 part begins; addresses count from here.
  private(set) var base = 0
  private let descriptor: Int32
  private var allowance: Int

  init(opening path: String) throws(Fault) {
    descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      throw errno == ENOENT ? .noFile : .system("open", code: errno)
    }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else {
      let code = errno
      close(descriptor)
      throw .system("stat", code: code)
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      throw .notRegular
    }
    size = Int(status.st_size)
    allowance = 8 * size + 1 << 24
  }

  deinit { close(descriptor) }

  /// Finds the signature, which stands at the start or after a user block of 512, 1024, … bytes.
  func findSignature(_ signature: [UInt8]) throws(Fault) {
    var offset = 0
    while offset + signature.count <= size {
      if try bytes(at: offset, count: signature.count) == signature {
        base = offset
        return
      }
      offset = max(512, offset * 2)
    }
    throw .notHDF5
  }

  /// A piece of metadata.
  func cursor(at address: Int, count: Int) throws(Fault) -> ByteCursor {
    _ = try position(of: address, count: count)
    try spend(max(count, 16))
    return ByteCursor(try bytes(at: address, count: count))
  }

  /// Notes that metadata were read, or read once more from what is kept of them.
  func spend(_ count: Int) throws(Fault) {
    guard count < allowance else { throw .damaged("its parts are named over and over") }
    allowance -= count
  }

  /// Whether `count` bytes lie at an address; the address inside the file if so.
  func position(of address: Int, count: Int) throws(Fault) -> Int {
    let (start, overflow) = address.addingReportingOverflow(base)
    guard address >= 0, count >= 0, !overflow, start <= size, count <= size - start else {
      throw .damaged("\(count) bytes at \(address) in a file of \(size)")
    }
    return start
  }

  /// Reads exactly `count` bytes.
  func bytes(at address: Int, count: Int) throws(Fault) -> [UInt8] {
    _ = try position(of: address, count: count)
    var fault: Fault?
    let result = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
      guard let start = buffer.baseAddress else { return }
      do throws(Fault) {
        try unsafe read(at: address, count: count, into: start)
        initialized = count
      } catch {
        fault = error
      }
    }
    if let fault { throw fault }
    return result
  }

  /// Reads exactly `count` bytes to a place in memory that holds as many.
  @unsafe
  func read(at address: Int, count: Int, into memory: UnsafeMutableRawPointer) throws(Fault) {
    let start = try position(of: address, count: count)
    var done = 0
    while done < count {
      let got = unsafe pread(descriptor, memory + done, count - done, off_t(start + done))
      if got > 0 {
        done += got
      } else if got == 0 {
        throw .damaged("cut off while it was read")
      } else if errno != EINTR {
        throw .system("read", code: errno)
      }
    }
  }

  /// Maps the whole file, read-only.
  func map() throws(Fault) -> FileMapping {
    guard size > 0, let start = unsafe mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0),
      unsafe start != MAP_FAILED
    else { throw .system("map", code: errno) }
    return unsafe FileMapping(start: start, count: size)
  }
}

/// A whole file in the address space, read-only; unmapped when the last tensor over it is gone.
@safe
final class FileMapping {
  private let start: UnsafeMutableRawPointer
  private let count: Int

  @unsafe
  init(start: UnsafeMutableRawPointer, count: Int) {
    unsafe self.start = start
    self.count = count
  }

  /// The bytes from an offset on that has been checked to lie inside.
  @unsafe
  func at(_ offset: Int) -> UnsafeRawPointer {
    precondition(offset >= 0 && offset <= count, "offset \(offset) in a mapping of \(count)")
    return unsafe UnsafeRawPointer(start + offset)
  }

  deinit { unsafe munmap(start, count) }
}
