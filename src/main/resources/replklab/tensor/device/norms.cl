// Norms; the sums over rows are in sums.cl.

// 1 / sqrt(variance + epsilon) for each channel.
KERNEL(norm_scale)(INDEX n, float epsilon, GLOBAL const float *RESTRICT variance, GLOBAL float *RESTRICT scale) {
    INDEX i = ELEMENT();
    if (i < n) scale[i] = 1.0f / SQRT(variance[i] + epsilon);
}

// activation(gamma (x - mean) scale + beta)
KERNEL(batch_norm)(INDEX n, int channels, int kind, GLOBAL const float *RESTRICT x, GLOBAL const float *RESTRICT mean,
        GLOBAL const float *RESTRICT scale, GLOBAL const float *RESTRICT gamma, GLOBAL const float *RESTRICT beta,
        GLOBAL float *RESTRICT y) {
    INDEX i = ELEMENT();
    if (i < n) {
        int c = i % channels;
        y[i] = activated(kind, FMA(gamma[c], (x[i] - mean[c]) * scale[c], beta[c]));
    }
}

// g through the activation; then gamma scale (g - mean of g - xhat mean of (g xhat)), the means 0 where the statistics are constants:
// dbeta and dgamma are the sums over all rows, `share` is 1 over their number, or 0.
KERNEL(batch_norm_gradient)(INDEX n, int channels, int kind, float share, GLOBAL const float *RESTRICT x,
        GLOBAL const float *RESTRICT dy, GLOBAL const float *RESTRICT mean, GLOBAL const float *RESTRICT scale,
        GLOBAL const float *RESTRICT gamma, GLOBAL const float *RESTRICT beta, GLOBAL const float *dbeta,
        GLOBAL const float *dgamma, GLOBAL float *RESTRICT dx) {
    INDEX i = ELEMENT();
    if (i < n) {
        int c = i % channels;
        float xhat = (x[i] - mean[c]) * scale[c];
        float g = activation_gradient(kind, FMA(gamma[c], xhat, beta[c]), dy[i]);
        if (share != 0.0f) g = g - dbeta[c] * share - xhat * (dgamma[c] * share);
        dx[i] = gamma[c] * scale[c] * g;
    }
}

// Layer norm: a group of 64 a row.
FUNCTION float over_row(LOCAL_POINTER float *parts, int lane, float own) {
    parts[lane] = own;
    BARRIER();
    for (int step = 32; step > 0; step /= 2) {
        if (lane < step) parts[lane] += parts[lane + step];
        BARRIER();
    }
    float total = parts[0];
    BARRIER();
    return total;
}

// y unless it is null; means and scales of the rows unless they are.
KERNEL(layer_norm)(int channels, float epsilon, GLOBAL const float *RESTRICT x, GLOBAL const float *gamma,
        GLOBAL const float *beta, GLOBAL float *y, GLOBAL float *means, GLOBAL float *scales) {
    LOCAL float parts[64];
    int lane = LANE(0);
    INDEX row = (INDEX) GROUP(0) * channels;
    float sum = 0.0f;
    for (int c = lane; c < channels; c += 64) sum += x[row + c];
    float mean = over_row(parts, lane, sum) / (float) channels;
    sum = 0.0f;
    for (int c = lane; c < channels; c += 64) sum += (x[row + c] - mean) * (x[row + c] - mean);
    float scale = 1.0f / SQRT(over_row(parts, lane, sum) / (float) channels + epsilon);
    if (y) {
        for (int c = lane; c < channels; c += 64) y[row + c] = FMA(gamma[c], (x[row + c] - mean) * scale, beta[c]);
    }
    if (means && lane == 0) {
        means[GROUP(0)] = mean;
        scales[GROUP(0)] = scale;
    }
}

KERNEL(layer_norm_gradient)(int channels, GLOBAL const float *RESTRICT x, GLOBAL const float *RESTRICT gamma,
        GLOBAL const float *RESTRICT means, GLOBAL const float *RESTRICT scales, GLOBAL const float *RESTRICT dy,
        GLOBAL float *RESTRICT dx) {
    LOCAL float parts[64];
    int lane = LANE(0);
    INDEX row = (INDEX) GROUP(0) * channels;
    float mean = means[GROUP(0)];
    float scale = scales[GROUP(0)];
    float sum = 0.0f;
    float weighted = 0.0f;
    for (int c = lane; c < channels; c += 64) {
        float g = gamma[c] * dy[row + c];
        sum += g;
        weighted += g * ((x[row + c] - mean) * scale);
    }
    float a = over_row(parts, lane, sum) / (float) channels;
    float b = over_row(parts, lane, weighted) / (float) channels;
    for (int c = lane; c < channels; c += 64) {
        float xhat = (x[row + c] - mean) * scale;
        dx[row + c] = scale * (gamma[c] * dy[row + c] - a - xhat * b);
    }
}
