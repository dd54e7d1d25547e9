// Pictures: from the bytes of a PNG, JPEG or WebP to the numbers that a model sees.
//
// What a picture becomes decides accuracies as much as weights do, so this target does one thing:
// it repeats, bit for bit, what the Pillow library (version 12) does on the way
//
//     decode ─► RGB ─► resize the shorter side ─► crop the centre ─► normalise
//
// - `Picture`, `Picture+Decoding`, `PictureFile`: decoding by libpng, libjpeg and libwebp, and its limits
// - `Resampling`, `Picture+Resizing`: Pillow's antialiased filters in their integer arithmetic
// - `Region`, `Picture+Cropping`: sizes, offsets, crops, padding and flips
// - `Normalization`: bytes to Float32, channels first
// - `Picture+Encoding`: writing PNG
//
// C libraries are called in `Picture+Decoding` and `Picture+Encoding` only; their longjmp stays in
// the inline functions of the shims. Nothing here starts threads: whoever has many pictures
// works on them in parallel.
