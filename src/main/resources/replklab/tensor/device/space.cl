// Operations on images (batch, height, width, channels), one work item an element of what is written: gradients look for what reached
// their pixel, in a fixed order, instead of adding to it from several places.

KERNEL(spread_mean)(INDEX n, INDEX pixels, int channels, float share, GLOBAL const float *RESTRICT dy,
        GLOBAL float *RESTRICT dx) {
    INDEX i = ELEMENT();
    if (i < n) dx[i] = dy[i / (pixels * channels) * channels + i % channels] * share;
}

// The two source pixels of output o, and the weight of the second: it looks at (o + 1/2) in / out - 1/2, held inside the image. In whole
// numbers, so that both compilers and every size agree.
#define SOURCE(o, in, out, low, high, weight) \
    INDEX above_zero = (INDEX) (2 * (o) + 1) * (in) - (out); \
    above_zero = above_zero < 0 ? 0 : above_zero; \
    int low = (int) (above_zero / (2 * (out))); \
    int high = low + 1 > (in) - 1 ? (in) - 1 : low + 1; \
    float weight = (float) (above_zero % (2 * (out))) / (float) (2 * (out))

KERNEL(resize)(INDEX n, int height, int width, int out_height, int out_width, int channels,
        GLOBAL const float *RESTRICT x, GLOBAL float *RESTRICT y) {
    INDEX i = ELEMENT();
    if (i >= n) return;
    int c = i % channels;
    int column = i / channels % out_width;
    int row = i / channels / out_width % out_height;
    INDEX image = i / channels / out_width / out_height * height;
    int left, right, top, bottom;
    float across, down;
    {
        SOURCE(column, width, out_width, low, high, weight);
        left = low, right = high, across = weight;
    }
    {
        SOURCE(row, height, out_height, low, high, weight);
        top = low, bottom = high, down = weight;
    }
    float a = x[((image + top) * width + left) * channels + c];
    float b = x[((image + top) * width + right) * channels + c];
    float d = x[((image + bottom) * width + left) * channels + c];
    float e = x[((image + bottom) * width + right) * channels + c];
    float upper = a + (b - a) * across;
    float lower = d + (e - d) * across;
    y[i] = upper + (lower - upper) * down;
}

// How much of output o comes from source pixel p.
FUNCTION float share_of(int o, int p, int in, int out) {
    SOURCE(o, in, out, low, high, weight);
    return (low == p ? 1.0f - weight : 0.0f) + (high == p ? weight : 0.0f);
}

KERNEL(resize_gradient)(INDEX n, int height, int width, int out_height, int out_width, int channels,
        GLOBAL const float *RESTRICT dy, GLOBAL float *RESTRICT dx) {
    INDEX i = ELEMENT();
    if (i >= n) return;
    int c = i % channels;
    int column = i / channels % width;
    int row = i / channels / width % height;
    INDEX image = i / channels / width / height * out_height;
    // Sources of output o lie within one pixel of (o + 1/2) in / out - 1/2; two more outputs on each side are certain to do.
    int first_row = (int) (((INDEX) row - 1) * out_height / height) - 2;
    int last_row = (int) (((INDEX) row + 2) * out_height / height) + 2;
    int first_column = (int) (((INDEX) column - 1) * out_width / width) - 2;
    int last_column = (int) (((INDEX) column + 2) * out_width / width) + 2;
    float sum = 0.0f;
    for (int r = first_row < 0 ? 0 : first_row; r <= last_row && r < out_height; r++) {
        float down = share_of(r, row, height, out_height);
        if (down == 0.0f) continue;
        for (int k = first_column < 0 ? 0 : first_column; k <= last_column && k < out_width; k++) {
            float across = share_of(k, column, width, out_width);
            if (across != 0.0f) sum += down * across * dy[((image + r) * out_width + k) * channels + c];
        }
    }
    dx[i] = sum;
}

// Cell o of `out` cells over `in` pixels: from floor(o in / out) to ceil((o + 1) in / out).
FUNCTION int cell_begin(int o, int in, int out) { return (int) ((INDEX) o * in / out); }
FUNCTION int cell_end(int o, int in, int out) { return (int) (((INDEX) (o + 1) * in + out - 1) / out); }

KERNEL(adaptive_pool)(INDEX n, int height, int width, int out_height, int out_width, int channels,
        GLOBAL const float *RESTRICT x, GLOBAL float *RESTRICT y) {
    INDEX i = ELEMENT();
    if (i >= n) return;
    int c = i % channels;
    int column = i / channels % out_width;
    int row = i / channels / out_width % out_height;
    INDEX image = i / channels / out_width / out_height * height;
    int top = cell_begin(row, height, out_height);
    int bottom = cell_end(row, height, out_height);
    int left = cell_begin(column, width, out_width);
    int right = cell_end(column, width, out_width);
    float sum = 0.0f;
    for (int r = top; r < bottom; r++) {
        float line = 0.0f;
        for (int k = left; k < right; k++) line += x[((image + r) * width + k) * channels + c];
        sum += line;
    }
    y[i] = sum / (float) ((bottom - top) * (right - left));
}

KERNEL(adaptive_pool_gradient)(INDEX n, int height, int width, int out_height, int out_width, int channels,
        GLOBAL const float *RESTRICT dy, GLOBAL float *RESTRICT dx) {
    INDEX i = ELEMENT();
    if (i >= n) return;
    int c = i % channels;
    int column = i / channels % width;
    int row = i / channels / width % height;
    INDEX image = i / channels / width / height * out_height;
    int first_row = (int) ((INDEX) row * out_height / height);
    int first_column = (int) ((INDEX) column * out_width / width);
    float sum = 0.0f;
    // The first cell that ends behind the pixel is that one or one before it; the last one begins at it or before.
    for (int r = first_row > 0 ? first_row - 1 : 0; r < out_height && cell_begin(r, height, out_height) <= row; r++) {
        int high = cell_end(r, height, out_height);
        if (high <= row) continue;
        int tall = high - cell_begin(r, height, out_height);
        for (int k = first_column > 0 ? first_column - 1 : 0;
                k < out_width && cell_begin(k, width, out_width) <= column; k++) {
            int end = cell_end(k, width, out_width);
            if (end <= column) continue;
            int wide = end - cell_begin(k, width, out_width);
            sum += dy[((image + r) * out_width + k) * channels + c] / (float) (tall * wide);
        }
    }
    dx[i] = sum;
}

FUNCTION int above(float a, float b) { return a > b || (is_nan(a) && !is_nan(b)); }

// The offset in the image, in pixels, of a window's highest value: the first of equal ones, NaN before all.
FUNCTION int highest_pixel(GLOBAL const float *image, int height, int width, int channels, int top, int left, int kernel_size) {
    int best = -1;
    float most = NEGATIVE_INFINITY;
    for (int r = top < 0 ? 0 : top; r < top + kernel_size && r < height; r++) {
        for (int k = left < 0 ? 0 : left; k < left + kernel_size && k < width; k++) {
            int pixel = r * width + k;
            float value = image[(INDEX) pixel * channels];
            if (best < 0 || above(value, most)) {
                best = pixel;
                most = value;
            }
        }
    }
    return best;
}

KERNEL(max_pool)(INDEX n, int height, int width, int out_height, int out_width, int channels, int kernel_size, int stride,
        int padding, GLOBAL const float *RESTRICT x, GLOBAL float *RESTRICT y) {
    INDEX i = ELEMENT();
    if (i >= n) return;
    int c = i % channels;
    int column = i / channels % out_width;
    int row = i / channels / out_width % out_height;
    INDEX image = i / channels / out_width / out_height * height * width * channels + c;
    int pixel = highest_pixel(x + image, height, width, channels, row * stride - padding, column * stride - padding,
            kernel_size);
    y[i] = x[image + (INDEX) pixel * channels];
}

KERNEL(max_pool_gradient)(INDEX n, int height, int width, int out_height, int out_width, int channels, int kernel_size,
        int stride, int padding, GLOBAL const float *RESTRICT x, GLOBAL const float *RESTRICT dy,
        GLOBAL float *RESTRICT dx) {
    INDEX i = ELEMENT();
    if (i >= n) return;
    int c = i % channels;
    int column = i / channels % width;
    int row = i / channels / width % height;
    INDEX batch = i / channels / width / height;
    INDEX image = batch * height * width * channels + c;
    // Windows whose rows r stride - padding to r stride - padding + kernel - 1 hold this one.
    int first_row = row + padding - kernel_size + stride;
    first_row = first_row < 0 ? 0 : first_row / stride;
    int first_column = column + padding - kernel_size + stride;
    first_column = first_column < 0 ? 0 : first_column / stride;
    float sum = 0.0f;
    for (int r = first_row; r < out_height && r * stride - padding <= row; r++) {
        for (int k = first_column; k < out_width && k * stride - padding <= column; k++) {
            int pixel = highest_pixel(x + image, height, width, channels, r * stride - padding, k * stride - padding,
                    kernel_size);
            if (pixel == row * width + column) sum += dy[((batch * out_height + r) * out_width + k) * channels + c];
        }
    }
    dx[i] = sum;
}

// Squares of `size` pixels as rows, in the order height, width, channels. Back: pixels that made no whole square get 0.
KERNEL(patches)(INDEX n, int height, int width, int out_height, int out_width, int channels, int size,
        GLOBAL const float *RESTRICT x, GLOBAL float *RESTRICT y) {
    INDEX i = ELEMENT();
    if (i >= n) return;
    int c = i % channels;
    int in_column = i / channels % size;
    int in_row = i / channels / size % size;
    INDEX cell = i / channels / size / size;
    int column = cell % out_width;
    int row = cell / out_width % out_height;
    INDEX image = cell / out_width / out_height;
    y[i] = x[((image * height + row * size + in_row) * width + column * size + in_column) * channels + c];
}

KERNEL(patches_gradient)(INDEX n, int height, int width, int out_height, int out_width, int channels, int size,
        GLOBAL const float *RESTRICT dy, GLOBAL float *RESTRICT dx) {
    INDEX i = ELEMENT();
    if (i >= n) return;
    int c = i % channels;
    int column = i / channels % width;
    int row = i / channels / width % height;
    INDEX image = i / channels / width / height;
    int inside = row / size < out_height && column / size < out_width;
    dx[i] = inside ? dy[((((image * out_height + row / size) * out_width + column / size) * size + row % size) * size
                    + column % size) * channels + c]
                   : 0.0f;
}
