// Sums over the rows of (batches, rows, channels), two at a time, for each batch and channel: statistics and their gradients, biases, means
// over maps. No two work items add to the same number, and every order is fixed, so the bits are the same each time.
//
// `sums` cuts the rows of a batch into `pieces`. A group is 32 channels by 8 work items, each of which adds every 8th row of the
// group's piece; then the eight are added as a tree. `total` adds the pieces. WHAT is summed is decided when it is compiled; the rest of this file is
// compiled with X alone.

#define X 0           // x
#define DEVIATION 1   // (x - mean)^2
#define PRODUCT 2     // x dy
#define NORM 3        // g, and g xhat: g = dy through the activation, xhat = (x - mean) scale, of a batch norm
#define LAYER 4       // dy, and dy xhat, with a mean and scale a row

KERNEL(sums)(INDEX rows, int channels, int pieces, int kind, GLOBAL const float *RESTRICT x, GLOBAL const float *dy,
        GLOBAL const float *RESTRICT mean, GLOBAL const float *RESTRICT scale, GLOBAL const float *RESTRICT gamma,
        GLOBAL const float *RESTRICT beta, GLOBAL float *RESTRICT parts) {
    LOCAL float first[8][32];
    LOCAL float second[8][32];
    int lane = LANE(0);
    int row_lane = LANE(1);
    int c = GROUP(0) * 32 + lane;
    int piece = GROUP(1);
    INDEX batch = GROUP(2);
    INDEX length = (rows + pieces - 1) / pieces;
    INDEX end = (piece + 1) * length < rows ? (piece + 1) * length : rows;
    float a = 0.0f;
    float b = 0.0f;
    if (c < channels) {
        for (INDEX r = piece * length + row_lane; r < end; r += 8) {
            INDEX row = batch * rows + r;
            INDEX at = row * channels + c;
#if WHAT == X
            a += x[at];
#elif WHAT == DEVIATION
            float away = x[at] - mean[c];
            a += away * away;
#elif WHAT == PRODUCT
            a += x[at] * dy[at];
#elif WHAT == NORM
            float xhat = (x[at] - mean[c]) * scale[c];
            float g = activation_gradient(kind, FMA(gamma[c], xhat, beta[c]), dy[at]);
            a += g;
            b += g * xhat;
#else
            a += dy[at];
            b += dy[at] * ((x[at] - mean[row]) * scale[row]);
#endif
        }
    }
    first[row_lane][lane] = a;
    second[row_lane][lane] = b;
    BARRIER();
    for (int step = 4; step > 0; step /= 2) {
        if (row_lane < step) {
            first[row_lane][lane] += first[row_lane + step][lane];
            second[row_lane][lane] += second[row_lane + step][lane];
        }
        BARRIER();
    }
    if (row_lane == 0 && c < channels) {
        INDEX at = ((batch * pieces + piece) * 2) * channels + c;
        parts[at] = first[0][lane];
        parts[at + channels] = second[0][lane];
    }
}

#if WHAT == X // the same for all, so compiled once

// n is batches times channels. y gets the first sums times `factor`, z, unless it is null, the second ones.
KERNEL(total)(INDEX n, int channels, int pieces, GLOBAL const float *RESTRICT parts, float factor, GLOBAL float *y,
        GLOBAL float *z) {
    INDEX i = ELEMENT();
    if (i < n) {
        INDEX at = i / channels * pieces * 2 * channels + i % channels;
        float a = 0.0f;
        float b = 0.0f;
        for (int piece = 0; piece < pieces; piece++) {
            a += parts[at];
            b += parts[at + channels];
            at += 2 * channels;
        }
        if (y) y[i] = a * factor;
        if (z) z[i] = b * factor;
    }
}

// The sum of all elements, or of their squares: 1024 partial sums at most, in the order of groups.
KERNEL(sum_all)(INDEX n, int squares, GLOBAL const float *RESTRICT x, GLOBAL float *RESTRICT parts) {
    LOCAL float sums[256];
    int lane = LANE(0);
    float sum = 0.0f;
    for (INDEX i = ELEMENT(); i < n; i += (INDEX) GROUPS(0) * 256) sum += squares ? x[i] * x[i] : x[i];
    sums[lane] = sum;
    BARRIER();
    for (int step = 128; step > 0; step /= 2) {
        if (lane < step) sums[lane] += sums[lane + step];
        BARRIER();
    }
    if (lane == 0) parts[GROUP(0)] = sums[0];
}

// One group: the sum of n numbers times a factor.
KERNEL(sum_few)(int n, float factor, GLOBAL const float *RESTRICT x, GLOBAL float *RESTRICT y) {
    LOCAL float sums[256];
    int lane = LANE(0);
    float sum = 0.0f;
    for (int i = lane; i < n; i += 256) sum += x[i];
    sums[lane] = sum;
    BARRIER();
    for (int step = 128; step > 0; step /= 2) {
        if (lane < step) sums[lane] += sums[lane + step];
        BARRIER();
    }
    if (lane == 0) y[0] = sums[0] * factor;
}

// Softmax cross-entropy, a group of 64 a row. Labels are the classes, or, where there are none, `wanted` the distribution. A row
// that is ignored adds nothing. dx, unless it is null, gets the gradient of the mean, share being 1 over the rows that count.
KERNEL(cross_entropy)(int classes, GLOBAL const float *RESTRICT x, GLOBAL const int *labels, GLOBAL const float *wanted,
        int ignored, float smoothing, float share, GLOBAL float *RESTRICT losses, GLOBAL float *dx) {
    LOCAL float parts[64];
    int lane = LANE(0);
    INDEX row = GROUP(0);
    INDEX at = row * classes;
    int counts = !labels || labels[row] != ignored;
    float most = NEGATIVE_INFINITY;
    for (int k = lane; k < classes; k += 64) most = x[at + k] > most || is_nan(x[at + k]) ? x[at + k] : most;
    parts[lane] = most;
    BARRIER();
    for (int step = 32; step > 0; step /= 2) {
        if (lane < step) {
            float other = parts[lane + step];
            parts[lane] = other > parts[lane] || is_nan(other) ? other : parts[lane];
        }
        BARRIER();
    }
    most = parts[0];
    BARRIER();
    float sum = 0.0f;
    for (int k = lane; k < classes; k += 64) sum += EXP(x[at + k] - most);
    parts[lane] = sum;
    BARRIER();
    for (int step = 32; step > 0; step /= 2) {
        if (lane < step) parts[lane] += parts[lane + step];
        BARRIER();
    }
    sum = parts[0];
    BARRIER();
    float log_sum = LOG(sum);
    float loss = 0.0f;
    for (int k = lane; k < classes; k += 64) {
        float target = labels ? (labels[row] == k ? 1.0f : 0.0f) : wanted[at + k];
        target = (1.0f - smoothing) * target + smoothing / (float) classes;
        float above = x[at + k] - most;
        if (target != 0.0f) loss += target * (log_sum - above);
        if (dx) dx[at + k] = counts ? (EXP(above) / sum - target) * share : 0.0f;
    }
    parts[lane] = loss;
    BARRIER();
    for (int step = 32; step > 0; step /= 2) {
        if (lane < step) parts[lane] += parts[lane + step];
        BARRIER();
    }
    if (lane == 0) losses[row] = counts ? parts[0] : 0.0f;
}

#endif
