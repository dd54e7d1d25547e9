// libpng reports errors with longjmp, which must not cross Swift frames: a whole picture is read or
// written inside one function here. Both return 1, or 0 with a sentence of libpng's in `reason`.
#pragma once

#include <png.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { DUET_PNG_REASON = 96 };

typedef struct {
  jmp_buf failed;
  char *reason;
  const uint8_t *input;
  size_t input_left;
  uint8_t *output;
  size_t output_count;
  size_t output_capacity;
} duet_png_job;

static inline void duet_png_fail(png_structp png, png_const_charp message) {
  duet_png_job *job = (duet_png_job *)png_get_error_ptr(png);
  strncpy(job->reason, message, DUET_PNG_REASON - 1);
  job->reason[DUET_PNG_REASON - 1] = 0;
  longjmp(job->failed, 1);
}

static inline void duet_png_ignore(png_structp png, png_const_charp message) {}

static inline void duet_png_take(png_structp png, png_bytep to, size_t count) {
  duet_png_job *job = (duet_png_job *)png_get_io_ptr(png);
  if (count > job->input_left) png_error(png, "the file ends too early");
  memcpy(to, job->input, count);
  job->input += count;
  job->input_left -= count;
}

// A plain 16-bit gray is clipped, min(v, 255), not shifted: what Pillow's convert("RGB") does.
static inline void duet_png_clip_gray16(png_structp png, png_row_infop row, png_bytep bytes) {
  for (size_t x = row->width; x-- > 0;) {
    uint8_t gray = bytes[2 * x] ? 255 : bytes[2 * x + 1];
    memset(bytes + 3 * x, gray, 3);
  }
}

// Has libpng turn every kind of PNG into 8-bit RGB, dropping alpha; tells the interlace passes.
static inline int duet_png_ask_for_rgb(png_structp png, png_infop info) {
  int depth = png_get_bit_depth(png, info), kind = png_get_color_type(png, info);
  if (depth == 16 && kind == PNG_COLOR_TYPE_GRAY) {
    png_set_read_user_transform_fn(png, duet_png_clip_gray16);
    png_set_user_transform_info(png, NULL, 8, 3);
  } else {
    if (depth == 16) png_set_strip_16(png);
    if (kind == PNG_COLOR_TYPE_PALETTE) png_set_palette_to_rgb(png);
    if (kind == PNG_COLOR_TYPE_GRAY && depth < 8) png_set_expand_gray_1_2_4_to_8(png);
    if (!(kind & PNG_COLOR_MASK_COLOR)) png_set_gray_to_rgb(png);
    png_set_strip_alpha(png);
  }
  int passes = png_set_interlace_handling(png);
  png_read_update_info(png, info);
  return passes;
}

// Reads a PNG that declares `width` by `height` into `rgb`, which holds 3 * width * height bytes.
static inline int duet_png_read(const uint8_t *bytes, size_t count, uint32_t width,
                                uint32_t height, uint8_t *rgb, char *reason) {
  duet_png_job job = {.reason = reason, .input = bytes, .input_left = count};
  strcpy(reason, "out of memory");
  png_structp png =
      png_create_read_struct(PNG_LIBPNG_VER_STRING, &job, duet_png_fail, duet_png_ignore);
  if (!png) return 0;
  png_infop info = png_create_info_struct(png);
  if (!info) {
    png_destroy_read_struct(&png, NULL, NULL);
    return 0;
  }
  if (setjmp(job.failed)) {
    png_destroy_read_struct(&png, &info, NULL);
    return 0;
  }
  png_set_read_fn(png, &job, duet_png_take);
  png_set_user_limits(png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
  png_set_crc_action(png, PNG_CRC_ERROR_QUIT, PNG_CRC_ERROR_QUIT);
  png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_NEVER, NULL, -1);
  png_set_check_for_invalid_index(png, 0);
  png_set_option(png, PNG_MAXIMUM_INFLATE_WINDOW, PNG_OPTION_ON);
  png_read_info(png, info);
  if (png_get_image_width(png, info) != width || png_get_image_height(png, info) != height)
    png_error(png, "two sizes");
  int passes = duet_png_ask_for_rgb(png, info);
  if (png_get_rowbytes(png, info) != 3 * (size_t)width) png_error(png, "not a row of RGB");
  for (int pass = 0; pass < passes; pass++)
    for (size_t y = 0; y < height; y++) png_read_row(png, rgb + 3 * (size_t)width * y, NULL);
  png_read_end(png, NULL);
  png_destroy_read_struct(&png, &info, NULL);
  return 1;
}

static inline void duet_png_give(png_structp png, png_bytep bytes, size_t count) {
  duet_png_job *job = (duet_png_job *)png_get_io_ptr(png);
  if (count > job->output_capacity - job->output_count) png_error(png, "no room");
  memcpy(job->output + job->output_count, bytes, count);
  job->output_count += count;
}

static inline void duet_png_flush(png_structp png) {}

// The most bytes that `duet_png_write` can need: zlib's bound of rows with a filter byte each, in
// chunks of 8 KiB, beside the other chunks.
static inline size_t duet_png_bound(uint32_t width, uint32_t height) {
  size_t raw = (3 * (size_t)width + 1) * height;
  size_t packed = raw + (raw >> 8) + 1024;
  return packed + 12 * (packed / 8192 + 1) + 1024;
}

// Writes 8-bit RGB; `written` gets the number of bytes put into `output`.
static inline int duet_png_write(const uint8_t *rgb, uint32_t width, uint32_t height,
                                 uint8_t *output, size_t capacity, size_t *written,
                                 char *reason) {
  duet_png_job job = {.reason = reason, .output = output, .output_capacity = capacity};
  strcpy(reason, "out of memory");
  png_structp png =
      png_create_write_struct(PNG_LIBPNG_VER_STRING, &job, duet_png_fail, duet_png_ignore);
  if (!png) return 0;
  png_infop info = png_create_info_struct(png);
  if (!info) {
    png_destroy_write_struct(&png, NULL);
    return 0;
  }
  if (setjmp(job.failed)) {
    png_destroy_write_struct(&png, &info);
    return 0;
  }
  png_set_write_fn(png, &job, duet_png_give, duet_png_flush);
  png_set_user_limits(png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
  png_set_IHDR(png, info, width, height, 8, PNG_COLOR_TYPE_RGB, PNG_INTERLACE_NONE,
               PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  png_write_info(png, info);
  for (size_t y = 0; y < height; y++) png_write_row(png, rgb + 3 * (size_t)width * y);
  png_write_end(png, NULL);
  *written = job.output_count;
  png_destroy_write_struct(&png, &info);
  return 1;
}
