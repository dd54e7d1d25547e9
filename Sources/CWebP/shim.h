// libwebp, for reading: the first frame of a file as 8-bit RGB, its alpha dropped. Each function
// returns 1, or 0 for a file that is damaged.
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <webp/decode.h>
#include <webp/demux.h>

// Tells the size of the canvas that all frames are put on.
static inline int duet_webp_read_header(const uint8_t *bytes, size_t count, uint32_t *width,
                                        uint32_t *height) {
  WebPData data = {bytes, count};
  WebPDemuxer *file = WebPDemux(&data);
  if (!file) return 0;
  *width = WebPDemuxGetI(file, WEBP_FF_CANVAS_WIDTH);
  *height = WebPDemuxGetI(file, WEBP_FF_CANVAS_HEIGHT);
  WebPDemuxDelete(file);
  return *width > 0 && *height > 0;
}

// Puts the first frame into `rgb`, 3 * width * height bytes, which are black around it.
static inline int duet_webp_read(const uint8_t *bytes, size_t count, uint32_t width,
                                 uint32_t height, uint8_t *rgb) {
  WebPData data = {bytes, count};
  WebPDemuxer *file = WebPDemux(&data);
  if (!file) return 0;
  WebPIterator frame;
  int done = 0;
  if (WebPDemuxGetFrame(file, 1, &frame)) {
    size_t x = (size_t)frame.x_offset, y = (size_t)frame.y_offset;
    size_t right = x + (size_t)frame.width, bottom = y + (size_t)frame.height;
    size_t stride = 3 * (size_t)width, size = stride * height;
    if (frame.complete && frame.width > 0 && frame.height > 0 && right <= width &&
        bottom <= height) {
      if (right - x < width || bottom - y < height) memset(rgb, 0, size);
      size_t start = stride * y + 3 * x;
      done = WebPDecodeRGBInto(frame.fragment.bytes, frame.fragment.size, rgb + start,
                               size - start, (int)stride) != NULL;
    }
    WebPDemuxReleaseIterator(&frame);
  }
  WebPDemuxDelete(file);
  return done;
}
