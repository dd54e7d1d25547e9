/// Characters that stand for others: ligatures, full and half widths, and the bytes of Windows-1252.
enum TextForms {
  /// What each of them is replaced by.
  static let replacements: [Unicode.Scalar: String] = {
    var result = ligatures
    for code in UInt32(0xFF01)...0xFF5E { put(code, [code - 0xFEE0], in: &result) }
    for (start, texts) in [(0xFF5F, narrow), (0xFFE0, signs)] as [(UInt32, [String])] {
      for (code, text) in zip(start..., texts) {
        put(code, text.split(separator: "+").compactMap { UInt32($0, radix: 16) }, in: &result)
      }
    }
    // Five of the bytes mean nothing there and stay what they are.
    for (code, text) in zip(UInt32(0x80)..., windows) {
      put(code, text.unicodeScalars.map(\.value), in: &result)
    }
    return result
  }()

  /// The characters of the bytes 0x80 to 0x9F in Windows-1252.
  static let windows: [String] = words(
    """
    20AC 81 201A 192 201E 2026 2020 2021 2C6 2030 160 2039 152 8D 17D 8F 90 2018 2019 201C
    201D 2022 2013 2014 2DC 2122 161 203A 153 9D 17E 178
    """
  ).compactMap { UInt32($0, radix: 16).flatMap(Unicode.Scalar.init).map(String.init) }

  private static func put(
    _ code: UInt32, _ text: [UInt32], in result: inout [Unicode.Scalar: String]
  ) {
    guard let scalar = Unicode.Scalar(code), text != [code] else { return }
    var scalars = String.UnicodeScalarView()
    scalars.append(contentsOf: text.compactMap(Unicode.Scalar.init))
    result[scalar] = String(scalars)
  }

  private static func words(_ text: String) -> [String] {
    text.split { $0 == " " || $0 == "\n" }.map(String.init)
  }

  private static let ligatures: [Unicode.Scalar: String] = [
    "\u{FB00}": "ff", "\u{FB01}": "fi", "\u{FB02}": "fl", "\u{FB03}": "ffi",
    "\u{FB04}":
      "ffl", "\u{FB05}": "\u{17F}t", "\u{FB06}": "st", "\u{132}": "IJ", "\u{133}": "ij",
    "\u{149}": "\u{2BC}n", "\u{1C4}": "D\u{17D}", "\u{1C5}": "D\u{17E}",
    "\u{1C6}":
      "d\u{17E}", "\u{1C7}": "LJ", "\u{1C8}": "Lj", "\u{1C9}": "lj", "\u{1CA}": "NJ",
    "\u{1CB}":
      "Nj", "\u{1CC}": "nj", "\u{1F1}": "DZ", "\u{1F2}": "Dz", "\u{1F3}": "dz",
  ]

  /// U+FF5F to U+FFDC: half-width katakana and hangul.
  private static let narrow = words(
    """
    2985 2986 3002 300C 300D 3001 30FB 30F2 30A1 30A3 30A5 30A7 30A9 30E3 30E5 30E7 30C3 30FC
    30A2 30A4 30A6 30A8 30AA 30AB 30AD 30AF 30B1 30B3 30B5 30B7 30B9 30BB 30BD 30BF 30C1 30C4
    30C6 30C8 30CA 30CB 30CC 30CD 30CE 30CF 30D2 30D5 30D8 30DB 30DE 30DF 30E0 30E1 30E2 30E4
    30E6 30E8 30E9 30EA 30EB 30EC 30ED 30EF 30F3 3099 309A 1160 1100 1101 11AA 1102 11AC 11AD
    1103 1104 1105 11B0 11B1 11B2 11B3 11B4 11B5 111A 1106 1107 1108 1121 1109 110A 110B 110C
    110D 110E 110F 1110 1111 1112 FFBF FFC0 FFC1 1161 1162 1163 1164 1165 1166 FFC8 FFC9 1167
    1168 1169 116A 116B 116C FFD0 FFD1 116D 116E 116F 1170 1171 1172 FFD8 FFD9 1173 1174 1175
    """)

  /// U+FFE0 to U+FFEE: money, bars, arrows.
  private static let signs = words(
    """
    A2 A3 AC 20+304 A6 A5 20A9 FFE7 2502 2190 2191 2192 2193 25A0 25CB
    """)
}
