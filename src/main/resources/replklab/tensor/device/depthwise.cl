// Depthwise convolution with 'same' padding of images (batch, height, width, channels) with filters (taps, taps, channels), and its
// gradients. TAPS, STRIDE and DILATION are decided when it is compiled.
//
// All tiled kernels are built alike: a group is 32 channels by 8 rows, so that 32 neighbours read 32 neighbouring numbers, and
// a work item has a channel and a row of COLUMNS outputs in registers. Rows of the image come into local memory one after the
// other, once for all eight output rows that they touch; a row of taps comes into registers, and each of its pixels meets
// TAPS x COLUMNS products.
//
// PAIR 1 has a second, smaller filter of SMALL taps on the same image, and a second output: it reads the rows that are there already.
// PAIR 2 sums the convolutions of two images with two filters: what the gradient of PAIR 1 is. FLIP turns the filters by 180
// degrees, which makes of a convolution of stride 1 the gradient with respect to its input.

#define ROWS 8
#define PADDING (DILATION * (TAPS - 1) / 2)
#define SPAN ((COLUMNS - 1) * STRIDE + (TAPS - 1) * DILATION + 1)

#if PAIR
#define INSET ((TAPS - SMALL) / 2) // from the large filter's edge to the small one's
#endif

#ifdef CHUNK // taps in registers at a time

#if FLIP
#define TAP(taps, row, column) (((taps) - 1 - (row)) * (taps) + (taps) - 1 - (column))
#else
#define TAP(taps, row, column) ((row) * (taps) + (column))
#endif

// Adds a row of `taps` taps, w pointing at the channel's first, to COLUMNS sums; `from` is the line's first pixel that counts.
#define ADD_ROW(sums, line, from, w, taps, row) \
    for (int begin = 0; begin < (taps); begin += CHUNK) { \
        float tap[CHUNK]; \
        UNROLL \
        for (int q = 0; q < CHUNK; q++) { \
            tap[q] = begin + q < (taps) ? w[(INDEX) TAP(taps, row, begin + q) * channels] : 0.0f; \
        } \
        UNROLL \
        for (int q = 0; q < CHUNK; q++) { \
            if (begin + q < (taps)) { \
                UNROLL \
                for (int t = 0; t < COLUMNS; t++) { \
                    sums[t] = FMA(line[t * STRIDE + (begin + q) * DILATION + (from)][lane], tap[q], sums[t]); \
                } \
            } \
        } \
    }

KERNEL(depthwise)(int height, int width, int out_height, int out_width, int channels, int kind,
        GLOBAL const float *RESTRICT x, GLOBAL const float *RESTRICT w, GLOBAL const float *bias, GLOBAL float *RESTRICT y,
        GLOBAL const float *x_small, GLOBAL const float *w_small, GLOBAL float *y_small) {
    LOCAL float line[SPAN][32];
#if PAIR == 2
    LOCAL float line_small[SPAN][32];
#endif
    int lane = LANE(0);
    int row_lane = LANE(1);
    int blocks = (channels + 31) / 32;
    int c = GROUP(0) % blocks * 32 + lane;
    int column = GROUP(0) / blocks * COLUMNS;
    int first_row = GROUP(1) * ROWS;
    int row = first_row + row_lane;
    INDEX image = (INDEX) GROUP(2) * height;
    float sums[COLUMNS];
#if PAIR == 1
    float sums_small[COLUMNS];
#endif
    UNROLL
    for (int t = 0; t < COLUMNS; t++) {
        sums[t] = 0.0f;
#if PAIR == 1
        sums_small[t] = 0.0f;
#endif
    }
    int top = first_row * STRIDE - PADDING;
    int bottom = (first_row + ROWS - 1) * STRIDE - PADDING + (TAPS - 1) * DILATION;
    for (int at = top < 0 ? 0 : top; at <= bottom && at < height; at++) {
        for (int p = row_lane; p < SPAN; p += ROWS) {
            int source = column * STRIDE - PADDING + p;
            int inside = c < channels && source >= 0 && source < width;
            INDEX pixel = ((image + at) * width + source) * channels + c;
            line[p][lane] = inside ? x[pixel] : 0.0f;
#if PAIR == 2
            line_small[p][lane] = inside ? x_small[pixel] : 0.0f;
#endif
        }
        BARRIER();
        int reach = at + PADDING - row * STRIDE;
        if (c < channels && row < out_height && reach >= 0 && reach % DILATION == 0 && reach / DILATION < TAPS) {
            int r = reach / DILATION;
            GLOBAL const float *own = w + c;
            ADD_ROW(sums, line, 0, own, TAPS, r)
#if PAIR
            if (r >= INSET && r < INSET + SMALL) {
                GLOBAL const float *own_small = w_small + c;
#if PAIR == 1
                ADD_ROW(sums_small, line, INSET, own_small, SMALL, r - INSET)
#else
                ADD_ROW(sums, line_small, INSET, own_small, SMALL, r - INSET)
#endif
            }
#endif
        }
        BARRIER();
    }
    if (c < channels && row < out_height) {
        float shift = bias ? bias[c] : 0.0f;
        INDEX to = (((INDEX) GROUP(2) * out_height + row) * out_width + column) * channels + c;
        UNROLL
        for (int t = 0; t < COLUMNS; t++) {
            if (column + t < out_width) {
                y[to + (INDEX) t * channels] = activated(kind, bias ? sums[t] + shift : sums[t]);
#if PAIR == 1
                y_small[to + (INDEX) t * channels] = sums_small[t];
#endif
            }
        }
    }
}

#endif

#ifdef FILTER

// The gradient with respect to the filters. Axis 0 of the groups counts blocks of 32 channels, axis 1 blocks of 8 rows of taps, axis
// 2 the pieces that all rows of all images are cut into. A work item has a channel and a row of taps, whose TAPS sums are in its
// registers; an image's row in local memory meets, for each row of taps, another row of dy. Each piece writes sums of its own.
KERNEL(depthwise_filter)(INDEX rows, int height, int width, int out_height, int out_width, int channels,
        GLOBAL const float *RESTRICT x, GLOBAL const float *RESTRICT dy, GLOBAL float *RESTRICT parts,
        GLOBAL const float *dy_small, GLOBAL float *parts_small) {
    LOCAL float line[SPAN][32];
    int lane = LANE(0);
    int c = GROUP(0) * 32 + lane;
    int r = GROUP(1) * ROWS + LANE(1);
    int pieces = GROUPS(2);
    INDEX length = (rows + pieces - 1) / pieces;
    INDEX end = (GROUP(2) + 1) * length < rows ? (GROUP(2) + 1) * length : rows;
    float sums[TAPS];
    UNROLL
    for (int q = 0; q < TAPS; q++) sums[q] = 0.0f;
#if PAIR
    float sums_small[SMALL];
    UNROLL
    for (int q = 0; q < SMALL; q++) sums_small[q] = 0.0f;
#endif
    for (INDEX at = GROUP(2) * length; at < end; at++) {
        INDEX image = at / height;
        int reach = (int) (at % height) + PADDING - r * DILATION; // the output's row times the stride
        int meets = c < channels && r < TAPS && reach >= 0 && reach % STRIDE == 0 && reach / STRIDE < out_height;
        for (int column = 0; column < out_width; column += COLUMNS) {
            for (int p = LANE(1); p < SPAN; p += ROWS) {
                int source = column * STRIDE - PADDING + p;
                int inside = c < channels && source >= 0 && source < width;
                line[p][lane] = inside ? x[(at * width + source) * channels + c] : 0.0f;
            }
            BARRIER();
            if (meets) {
                INDEX from = ((image * out_height + reach / STRIDE) * out_width + column) * channels + c;
                float g[COLUMNS];
                UNROLL
                for (int t = 0; t < COLUMNS; t++) g[t] = column + t < out_width ? dy[from + (INDEX) t * channels] : 0.0f;
                UNROLL
                for (int q = 0; q < TAPS; q++) {
                    UNROLL
                    for (int t = 0; t < COLUMNS; t++) {
                        sums[q] = FMA(line[t * STRIDE + q * DILATION][lane], g[t], sums[q]);
                    }
                }
#if PAIR
                if (r >= INSET && r < INSET + SMALL) {
                    UNROLL
                    for (int t = 0; t < COLUMNS; t++) {
                        g[t] = column + t < out_width ? dy_small[from + (INDEX) t * channels] : 0.0f;
                    }
                    UNROLL
                    for (int q = 0; q < SMALL; q++) {
                        UNROLL
                        for (int t = 0; t < COLUMNS; t++) {
                            sums_small[q] = FMA(line[t + q + INSET][lane], g[t], sums_small[q]);
                        }
                    }
                }
#endif
            }
            BARRIER();
        }
    }
    if (c < channels && r < TAPS) {
        INDEX to = ((INDEX) GROUP(2) * TAPS + r) * TAPS * channels + c;
        UNROLL
        for (int q = 0; q < TAPS; q++) parts[to + (INDEX) q * channels] = sums[q];
#if PAIR
        if (r >= INSET && r < INSET + SMALL) {
            to = ((INDEX) GROUP(2) * SMALL + r - INSET) * SMALL * channels + c;
            UNROLL
            for (int q = 0; q < SMALL; q++) parts_small[to + (INDEX) q * channels] = sums_small[q];
        }
#endif
    }
}

#endif

#ifdef PLAIN

// Without tiles, a work item a number: for gradients of strides above 1, and for dilations whose rows do not fit into local memory.
// `taps`, `stride` and `dilation` are arguments here.

KERNEL(depthwise_plain)(INDEX n, int height, int width, int out_height, int out_width, int channels, int taps, int stride,
        int dilation, int kind, GLOBAL const float *RESTRICT x, GLOBAL const float *RESTRICT w, GLOBAL const float *bias,
        GLOBAL float *RESTRICT y) {
    INDEX i = ELEMENT();
    if (i >= n) return;
    int c = i % channels;
    int padding = dilation * (taps - 1) / 2;
    int column = (int) (i / channels % out_width) * stride - padding;
    int row = (int) (i / channels / out_width % out_height) * stride - padding;
    INDEX image = i / channels / out_width / out_height * height;
    float sum = 0.0f;
    for (int r = 0; r < taps; r++) {
        int at = row + r * dilation;
        if (at < 0 || at >= height) continue;
        for (int k = 0; k < taps; k++) {
            int source = column + k * dilation;
            if (source < 0 || source >= width) continue;
            sum = FMA(x[((image + at) * width + source) * channels + c], w[(INDEX) (r * taps + k) * channels + c], sum);
        }
    }
    y[i] = activated(kind, bias ? sum + bias[c] : sum);
}

KERNEL(depthwise_plain_input)(INDEX n, int height, int width, int out_height, int out_width, int channels, int taps,
        int stride, int dilation, GLOBAL const float *RESTRICT dy, GLOBAL const float *RESTRICT w,
        GLOBAL float *RESTRICT dx) {
    INDEX i = ELEMENT();
    if (i >= n) return;
    int c = i % channels;
    int padding = dilation * (taps - 1) / 2;
    int column = (int) (i / channels % width) + padding;
    int row = (int) (i / channels / width % height) + padding;
    INDEX image = i / channels / width / height * out_height;
    float sum = 0.0f;
    for (int r = 0; r < taps; r++) {
        int at = row - r * dilation;
        if (at < 0 || at % stride != 0 || at / stride >= out_height) continue;
        for (int k = 0; k < taps; k++) {
            int to = column - k * dilation;
            if (to < 0 || to % stride != 0 || to / stride >= out_width) continue;
            sum = FMA(dy[((image + at / stride) * out_width + to / stride) * channels + c],
                    w[(INDEX) (r * taps + k) * channels + c], sum);
        }
    }
    dx[i] = sum;
}

// A work item a tap and channel, and a piece of the images along axis 1.
KERNEL(depthwise_plain_filter)(INDEX n, int batch, int height, int width, int out_height, int out_width, int channels,
        int taps, int stride, int dilation, GLOBAL const float *RESTRICT x, GLOBAL const float *RESTRICT dy,
        GLOBAL float *RESTRICT parts) {
    INDEX i = ELEMENT();
    if (i >= n) return;
    int c = i % channels;
    int padding = dilation * (taps - 1) / 2;
    int column = (int) (i / channels % taps) * dilation - padding;
    int row = (int) (i / channels / taps) * dilation - padding;
    float sum = 0.0f;
    for (INDEX image = GROUP(1); image < batch; image += GROUPS(1)) {
        for (int r = 0; r < out_height; r++) {
            int at = row + r * stride;
            if (at < 0 || at >= height) continue;
            float line = 0.0f;
            for (int k = 0; k < out_width; k++) {
                int source = column + k * stride;
                if (source < 0 || source >= width) continue;
                line = FMA(x[((image * height + at) * width + source) * channels + c],
                        dy[((image * out_height + r) * out_width + k) * channels + c], line);
            }
            sum += line;
        }
    }
    parts[(INDEX) GROUP(1) * n + i] = sum;
}

#endif
