// The widening of stored floats to Float32. From half and bfloat16 it is exact, infinities, subnormals
// and every NaN included; Float64 is rounded to the nearest, ties to even.

/// The Float32 of an IEEE half.
///
/// Its exponent and fraction, moved to those of a Float32, are the value times 2⁻¹¹²; the product is
/// exact, also where the half is subnormal.
@inline(__always)
func widened(half bits: UInt16) -> Float {
  let sign = UInt32(bits & 0x8000) << 16
  let rest = UInt32(bits & 0x7FFF) << 13
  let isFinite = bits & 0x7C00 != 0x7C00
  let magnitude =
    isFinite ? (Float(bitPattern: rest) * 0x1p112).bitPattern : rest | 0x7F80_0000
  return Float(bitPattern: sign | magnitude)
}

/// The Float32 of the 16 bits that are its upper half.
@inline(__always)
func widened(brain bits: UInt16) -> Float { Float(bitPattern: UInt32(bits) << 16) }

extension ByteBlock {
  /// Writes little-endian floats of `bytes` as Float32 elements, the first of them at `index`.
  func widen(_ bytes: [UInt8], _ type: ScalarType, to index: Int) {
    let elements = bytes.count / type.size
    precondition(index >= 0 && (index + elements) * 4 <= count, "\(elements) at \(index)")
    unsafe bytes.withUnsafeBytes { bytes in
      unsafe withFloats { floats in
        guard let raw = bytes.baseAddress else { return }
        let out = unsafe floats + index
        switch type {
        case .float32:
          unsafe UnsafeMutableRawPointer(out).copyMemory(from: raw, byteCount: 4 * elements)
        case .float16:
          for place in 0..<elements {
            let bits = unsafe raw.loadUnaligned(fromByteOffset: 2 * place, as: UInt16.self)
            unsafe out[place] = widened(half: UInt16(littleEndian: bits))
          }
        case .bfloat16:
          for place in 0..<elements {
            let bits = unsafe raw.loadUnaligned(fromByteOffset: 2 * place, as: UInt16.self)
            unsafe out[place] = widened(brain: UInt16(littleEndian: bits))
          }
        case .float64:
          for place in 0..<elements {
            let bits = unsafe raw.loadUnaligned(fromByteOffset: 8 * place, as: UInt64.self)
            unsafe out[place] = Float(Double(bitPattern: UInt64(littleEndian: bits)))
          }
        case .int64, .int32, .int16, .int8, .uint8, .bool:
          preconditionFailure("\(type) is no float")
        }
      }
    }
  }

  /// Copies Float32 element `source` of another block to element `index`.
  func copyFloat(_ source: Int, of other: ByteBlock, to index: Int) {
    precondition(source >= 0 && 4 * (source + 1) <= other.count, "element \(source)")
    precondition(index >= 0 && 4 * (index + 1) <= count, "element \(index)")
    unsafe other.withFloats { from in unsafe withFloats { to in unsafe to[index] = from[source] } }
  }
}
