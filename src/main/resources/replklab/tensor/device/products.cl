// Matrix products C (m, n) = A (m, k) B (k, n), float32, row-major in memory but where A_DOWN or B_DOWN says that a matrix lies there
// transposed.
//
// A group of 16 by 16 work items makes a tile of TILE by TILE; each work item has PER = TILE / 16 rows times as many columns in
// registers, 16 apart, so that neighbours read and write neighbouring columns. DEPTH terms at a time lie in local memory. With
// `pieces` above 1 the terms are cut, axis 2 of the groups counts the pieces, and each writes its own C, for `add_pieces` to add.
// ROUND rounds what is multiplied to bfloat16.

#ifdef TILE

#define DEPTH 16
#define PER (TILE / 16)

#if ROUND
#define TERM(x) bfloat16(x)
#else
#define TERM(x) (x)
#endif

// After the sums, and only without pieces: bias (n) and activation, residual shaped like C; each may be null. `add` adds to what C
// holds.
KERNEL(product)(int m, int n, int k, int pieces, GLOBAL const float *RESTRICT a, GLOBAL const float *RESTRICT b,
        GLOBAL const float *bias, int kind, GLOBAL const float *residual, int add, GLOBAL float *c) {
    LOCAL float as[DEPTH][TILE + 1];
    LOCAL float bs[DEPTH][TILE + 1];
    int lane = LANE(0);
    int row_lane = LANE(1);
    int item = row_lane * 16 + lane;
    int row = GROUP(0) * TILE;
    int column = GROUP(1) * TILE;
    int length = ((k + pieces - 1) / pieces + DEPTH - 1) / DEPTH * DEPTH;
    int begin = GROUP(2) * length;
    int end = begin + length < k ? begin + length : k;
    float sums[PER][PER];
    UNROLL
    for (int i = 0; i < PER; i++) {
        UNROLL
        for (int j = 0; j < PER; j++) sums[i][j] = 0.0f;
    }
    for (int from = begin; from < end; from += DEPTH) {
        ROLLED
        for (int e = item; e < TILE * DEPTH; e += 256) {
#if A_DOWN
            int i = e % TILE, d = e / TILE;
#else
            int i = e / DEPTH, d = e % DEPTH;
#endif
            float value = 0.0f;
            if (row + i < m && from + d < end) {
                value = a[A_DOWN ? (INDEX) (from + d) * m + row + i : (INDEX) (row + i) * k + from + d];
            }
            as[d][i] = TERM(value);
        }
        ROLLED
        for (int e = item; e < TILE * DEPTH; e += 256) {
#if B_DOWN
            int j = e / DEPTH, d = e % DEPTH;
#else
            int j = e % TILE, d = e / TILE;
#endif
            float value = 0.0f;
            if (column + j < n && from + d < end) {
                value = b[B_DOWN ? (INDEX) (column + j) * k + from + d : (INDEX) (from + d) * n + column + j];
            }
            bs[d][j] = TERM(value);
        }
        BARRIER();
        int terms = end - from < DEPTH ? end - from : DEPTH; // what lies beyond would make NaN of an infinity
        ROLLED
        for (int d = 0; d < terms; d++) {
            float right[PER];
            UNROLL
            for (int j = 0; j < PER; j++) right[j] = bs[d][lane + 16 * j];
            UNROLL
            for (int i = 0; i < PER; i++) {
                float left = as[d][row_lane + 16 * i];
                UNROLL
                for (int j = 0; j < PER; j++) sums[i][j] = FMA(left, right[j], sums[i][j]);
            }
        }
        BARRIER();
    }
    UNROLL
    for (int i = 0; i < PER; i++) {
        UNROLL
        for (int j = 0; j < PER; j++) {
            int y = row + row_lane + 16 * i;
            int x = column + lane + 16 * j;
            if (y < m && x < n) {
                INDEX at = ((INDEX) GROUP(2) * m + y) * n + x;
                c[at] = add ? c[at] + sums[i][j] : sums[i][j];
            }
        }
    }
    if (!bias && kind == NONE && !residual) return;
    // Each work item reads again what it wrote: in registers this would be so many copies of the activation.
    ROLLED
    for (int e = 0; e < PER * PER; e++) {
        int y = row + row_lane + 16 * (e / PER);
        int x = column + lane + 16 * (e % PER);
        if (y < m && x < n) {
            INDEX at = (INDEX) y * n + x;
            float value = activated(kind, bias ? c[at] + bias[x] : c[at]);
            c[at] = residual ? value + residual[at] : value;
        }
    }
}

#endif

// y, or what it holds, and all pieces of n elements, in their order.
KERNEL(add_pieces)(INDEX n, int pieces, GLOBAL const float *RESTRICT parts, int add, GLOBAL float *y) {
    INDEX i = ELEMENT();
    if (i < n) {
        float sum = add ? y[i] : 0.0f;
        for (int piece = 0; piece < pieces; piece++) sum += parts[piece * n + i];
        y[i] = sum;
    }
}

// The windows of a full convolution as rows of (kernel, kernel, channels) terms, zero outside the image; from image `first` on.
KERNEL(windows)(INDEX n, int first, int height, int width, int out_height, int out_width, int channels, int kernel_size,
        int stride, int dilation, GLOBAL const float *RESTRICT x, GLOBAL float *RESTRICT rows) {
    INDEX i = ELEMENT();
    if (i >= n) return;
    int c = i % channels;
    int tap = i / channels % (kernel_size * kernel_size);
    INDEX pixel = i / channels / (kernel_size * kernel_size);
    int padding = dilation * (kernel_size - 1) / 2;
    int row = (int) (pixel / out_width % out_height) * stride + tap / kernel_size * dilation - padding;
    int column = (int) (pixel % out_width) * stride + tap % kernel_size * dilation - padding;
    INDEX image = first + pixel / out_width / out_height;
    int inside = row >= 0 && row < height && column >= 0 && column < width;
    rows[i] = inside ? x[((image * height + row) * width + column) * channels + c] : 0.0f;
}

// Back: a pixel adds up, in the order of taps, what the windows hold of it.
KERNEL(windows_gradient)(INDEX n, int first, int height, int width, int out_height, int out_width, int channels,
        int kernel_size, int stride, int dilation, GLOBAL const float *RESTRICT rows, GLOBAL float *RESTRICT dx) {
    INDEX i = ELEMENT();
    if (i >= n) return;
    int c = i % channels;
    int column = i / channels % width;
    int row = i / channels / width % height;
    INDEX image = i / channels / width / height;
    int padding = dilation * (kernel_size - 1) / 2;
    float sum = 0.0f;
    for (int r = 0; r < kernel_size; r++) {
        int y = row + padding - r * dilation;
        if (y < 0 || y % stride != 0 || y / stride >= out_height) continue;
        for (int k = 0; k < kernel_size; k++) {
            int x = column + padding - k * dilation;
            if (x < 0 || x % stride != 0 || x / stride >= out_width) continue;
            INDEX pixel = (image * out_height + y / stride) * out_width + x / stride;
            sum += rows[((pixel * kernel_size + r) * kernel_size + k) * channels + c];
        }
    }
    dx[(INDEX) first * height * width * channels + i] = sum;
}
