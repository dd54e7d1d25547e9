// libjpeg reports errors through a callback that must not return: each of the two functions here
// reads from memory and returns 1, or 0 with libjpeg's sentence in `reason`.
//
// As Pillow does, warnings about odd data are passed over, and a file that ends before its end
// marker is an error. Two limits keep small files from costing minutes or gigabytes.
#pragma once

#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <jpeglib.h>
#include <jerror.h>

enum { DUET_JPEG_REASON = JMSG_LENGTH_MAX };

// A progressive picture is passed over once for each of its scans.
static const double DUET_JPEG_MOST_SCANNED = 4.0e9;
static const long DUET_JPEG_MOST_MEMORY = 3L << 27;

typedef struct {
  struct jpeg_decompress_struct decoder;
  struct jpeg_error_mgr errors;
  struct jpeg_source_mgr source;
  struct jpeg_progress_mgr progress;
  jmp_buf failed;
  char *reason;
} duet_jpeg_job;

static inline void duet_jpeg_stop(duet_jpeg_job *job, const char *reason) {
  strncpy(job->reason, reason, DUET_JPEG_REASON - 1);
  job->reason[DUET_JPEG_REASON - 1] = 0;
  longjmp(job->failed, 1);
}

static inline void duet_jpeg_fail(j_common_ptr decoder) {
  duet_jpeg_job *job = (duet_jpeg_job *)decoder->client_data;
  // The limit above keeps a progressive picture from taking gigabytes before a row is done.
  if (decoder->err->msg_code == JERR_NO_BACKING_STORE)
    duet_jpeg_stop(job, "it needs too much memory");
  char message[JMSG_LENGTH_MAX];
  decoder->err->format_message(decoder, message);
  duet_jpeg_stop(job, message);
}

static inline void duet_jpeg_ignore(j_common_ptr decoder) {}

static inline void duet_jpeg_nothing(j_decompress_ptr decoder) {}

static inline boolean duet_jpeg_at_end(j_decompress_ptr decoder) {
  duet_jpeg_stop((duet_jpeg_job *)decoder->client_data, "the file ends too early");
  return FALSE;
}

static inline void duet_jpeg_skip(j_decompress_ptr decoder, long count) {
  struct jpeg_source_mgr *source = decoder->src;
  if (count <= 0) return;
  if ((size_t)count > source->bytes_in_buffer) count = (long)source->bytes_in_buffer;
  source->next_input_byte += count;
  source->bytes_in_buffer -= (size_t)count;
}

static inline void duet_jpeg_watch(j_common_ptr common) {
  j_decompress_ptr decoder = (j_decompress_ptr)common;
  double area = (double)decoder->image_width * decoder->image_height;
  if (area * decoder->input_scan_number > DUET_JPEG_MOST_SCANNED)
    duet_jpeg_stop((duet_jpeg_job *)decoder->client_data, "too many scans");
}

static inline void duet_jpeg_start(duet_jpeg_job *job, const uint8_t *bytes, size_t count) {
  job->decoder.err = jpeg_std_error(&job->errors);
  job->errors.error_exit = duet_jpeg_fail;
  job->errors.output_message = duet_jpeg_ignore;
  job->decoder.client_data = job;
  jpeg_create_decompress(&job->decoder);
  job->decoder.mem->max_memory_to_use = DUET_JPEG_MOST_MEMORY;
  job->source.next_input_byte = bytes;
  job->source.bytes_in_buffer = count;
  job->source.init_source = duet_jpeg_nothing;
  job->source.fill_input_buffer = duet_jpeg_at_end;
  job->source.skip_input_data = duet_jpeg_skip;
  job->source.resync_to_restart = jpeg_resync_to_restart;
  job->source.term_source = duet_jpeg_nothing;
  job->decoder.src = &job->source;
  job->progress.progress_monitor = duet_jpeg_watch;
  job->decoder.progress = &job->progress;
  jpeg_read_header(&job->decoder, TRUE);
}

// Tells the size and the number of components.
static inline int duet_jpeg_read_header(const uint8_t *bytes, size_t count, uint32_t *width,
                                        uint32_t *height, int *components, char *reason) {
  duet_jpeg_job job = {.reason = reason};
  if (setjmp(job.failed)) {
    jpeg_destroy_decompress(&job.decoder);
    return 0;
  }
  duet_jpeg_start(&job, bytes, count);
  *width = job.decoder.image_width;
  *height = job.decoder.image_height;
  *components = job.decoder.num_components;
  jpeg_destroy_decompress(&job.decoder);
  return 1;
}

static inline int duet_jpeg_divided(int product) {
  product += 128;
  return ((product >> 8) + product) >> 8;
}

// Pillow inverts the four channels of every CMYK picture and then takes its own way to RGB; with
// the stored, inverted bytes c = 255 - C and k = 255 - K that is R = k - (255 - c) k / 255.
static inline void duet_jpeg_cmyk_to_rgb(const uint8_t *cmyk, size_t width, uint8_t *rgb) {
  for (size_t x = 0; x < width; x++) {
    int k = cmyk[4 * x + 3];
    for (size_t channel = 0; channel < 3; channel++) {
      int value = k - duet_jpeg_divided((255 - cmyk[4 * x + channel]) * k);
      rgb[3 * x + channel] = (uint8_t)(value < 0 ? 0 : value);
    }
  }
}

// Reads a JPEG whose header told `width` and `height` into `rgb`, 3 * width * height bytes.
static inline int duet_jpeg_read(const uint8_t *bytes, size_t count, uint32_t width,
                                 uint32_t height, uint8_t *rgb, char *reason) {
  duet_jpeg_job job = {.reason = reason};
  if (setjmp(job.failed)) {
    jpeg_destroy_decompress(&job.decoder);
    return 0;
  }
  duet_jpeg_start(&job, bytes, count);
  int isCMYK = job.decoder.num_components == 4;
  job.decoder.out_color_space = isCMYK ? JCS_CMYK : JCS_RGB;
  jpeg_start_decompress(&job.decoder);
  if (job.decoder.output_width != width || job.decoder.output_height != height)
    duet_jpeg_stop(&job, "two sizes");
  JSAMPARRAY row = job.decoder.mem->alloc_sarray((j_common_ptr)&job.decoder, JPOOL_IMAGE,
                                                 4 * (JDIMENSION)width, 1);
  while (job.decoder.output_scanline < height) {
    uint8_t *target = rgb + 3 * (size_t)width * job.decoder.output_scanline;
    if (isCMYK) {
      jpeg_read_scanlines(&job.decoder, row, 1);
      duet_jpeg_cmyk_to_rgb(row[0], width, target);
    } else {
      JSAMPROW rows[1] = {target};
      jpeg_read_scanlines(&job.decoder, rows, 1);
    }
  }
  jpeg_finish_decompress(&job.decoder);
  jpeg_destroy_decompress(&job.decoder);
  return 1;
}
