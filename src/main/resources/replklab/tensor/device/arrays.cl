// Arrays of up to six axes; a shorter shape has axes of size 1 before. Strides are in elements, 0 where an axis is repeated.

// Six numbers, each an argument: neither dialect passes arrays by value.
#define SIX(type, name) type name##0, type name##1, type name##2, type name##3, type name##4, type name##5

FUNCTION INDEX offset(INDEX i, SIX(int, size), SIX(INDEX, step)) {
    INDEX at = i % size5 * step5;
    i /= size5;
    at += i % size4 * step4;
    i /= size4;
    at += i % size3 * step3;
    i /= size3;
    at += i % size2 * step2;
    i /= size2;
    at += i % size1 * step1;
    i /= size1;
    return at + i * step0;
}

#define ALL(name) name##0, name##1, name##2, name##3, name##4, name##5

// Repetition and transposition: each element of y, in order, from where x's strides say.
KERNEL(gather)(INDEX n, SIX(int, size), SIX(INDEX, x), GLOBAL const float *RESTRICT from, GLOBAL float *RESTRICT y) {
    INDEX i = ELEMENT();
    if (i < n) y[i] = from[offset(i, ALL(size), ALL(x))];
}

// Arithmetic, numbered as ArrayOperation.Binary.Arithmetic.
KERNEL(binary)(INDEX n, int kind, SIX(int, size), SIX(INDEX, x), SIX(INDEX, z), GLOBAL const float *first,
        GLOBAL const float *second, GLOBAL float *RESTRICT y) {
    INDEX i = ELEMENT();
    if (i < n) {
        float a = first[offset(i, ALL(size), ALL(x))];
        float b = second[offset(i, ALL(size), ALL(z))];
        y[i] = kind == 0 ? a + b : kind == 1 ? a - b : kind == 2 ? a * b : a / b;
    }
}

// Which of two is the maximum: NaN before all.
FUNCTION int is_higher(float a, float b) { return a > b || (is_nan(a) && !is_nan(b)); }

// A group an element of y: `size` counts y's axes, `within` the reduced ones, whose elements lie at `x` and at `r`. Each work item
// sums every 64th element, then halves are added: the same order always. Kinds as ArrayOperation.Reduce.Kind.
KERNEL(reduce)(int kind, INDEX count, SIX(int, size), SIX(INDEX, x), SIX(int, within), SIX(INDEX, r),
        GLOBAL const float *RESTRICT from, GLOBAL float *RESTRICT y) {
    LOCAL float parts[64];
    int lane = LANE(0);
    INDEX at = offset(GROUP(0), ALL(size), ALL(x));
    float sum = kind == 2 ? NEGATIVE_INFINITY : 0.0f;
    for (INDEX i = lane; i < count; i += 64) {
        float value = from[at + offset(i, ALL(within), ALL(r))];
        if (kind == 2) sum = is_higher(value, sum) ? value : sum;
        else sum += value;
    }
    parts[lane] = sum;
    BARRIER();
    for (int step = 32; step > 0; step /= 2) {
        if (lane < step) {
            float other = parts[lane + step];
            if (kind == 2) parts[lane] = is_higher(other, parts[lane]) ? other : parts[lane];
            else parts[lane] += other;
        }
        BARRIER();
    }
    if (lane == 0) y[GROUP(0)] = kind == 1 ? parts[0] / (float) count : parts[0];
}

// A work item an element of the reduced shape: zero everywhere, but dy at the first of the highest.
KERNEL(max_gradient)(INDEX n, INDEX count, SIX(int, size), SIX(INDEX, x), SIX(int, within), SIX(INDEX, r),
        GLOBAL const float *RESTRICT from, GLOBAL const float *RESTRICT dy, GLOBAL float *RESTRICT dx) {
    INDEX i = ELEMENT();
    if (i < n) {
        INDEX at = offset(i, ALL(size), ALL(x));
        INDEX highest = at;
        float most = from[at];
        for (INDEX k = 0; k < count; k++) {
            INDEX here = at + offset(k, ALL(within), ALL(r));
            dx[here] = 0.0f;
            if (is_higher(from[here], most)) {
                most = from[here];
                highest = here;
            }
        }
        dx[highest] = dy[i];
    }
}

// Rows of `length` elements, one group of 64 a row.
FUNCTION float row_total(LOCAL_POINTER float *parts, int lane, float own) {
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

KERNEL(softmax)(int length, GLOBAL const float *RESTRICT x, GLOBAL float *RESTRICT y) {
    LOCAL float parts[64];
    int lane = LANE(0);
    INDEX row = (INDEX) GROUP(0) * length;
    float most = NEGATIVE_INFINITY;
    for (int i = lane; i < length; i += 64) most = is_higher(x[row + i], most) ? x[row + i] : most;
    parts[lane] = most;
    BARRIER();
    for (int step = 32; step > 0; step /= 2) {
        if (lane < step) parts[lane] = is_higher(parts[lane + step], parts[lane]) ? parts[lane + step] : parts[lane];
        BARRIER();
    }
    most = parts[0];
    BARRIER();
    float sum = 0.0f;
    for (int i = lane; i < length; i += 64) {
        float e = EXP(x[row + i] - most);
        y[row + i] = e;
        sum += e;
    }
    float total = row_total(parts, lane, sum);
    for (int i = lane; i < length; i += 64) y[row + i] /= total;
}

KERNEL(softmax_gradient)(int length, GLOBAL const float *RESTRICT y, GLOBAL const float *RESTRICT dy,
        GLOBAL float *RESTRICT dx) {
    LOCAL float parts[64];
    int lane = LANE(0);
    INDEX row = (INDEX) GROUP(0) * length;
    float sum = 0.0f;
    for (int i = lane; i < length; i += 64) sum += y[row + i] * dy[row + i];
    float total = row_total(parts, lane, sum);
    for (int i = lane; i < length; i += 64) dx[row + i] = y[row + i] * (dy[row + i] - total);
}

// `outer` pieces of `count` times `inner` elements, along an axis of sizes `from_axis` and `to_axis`, from and to where one says.
KERNEL(copy_axis)(INDEX n, INDEX inner, int count, int from_axis, int from_at, int to_axis, int to_at,
        GLOBAL const float *RESTRICT x, GLOBAL float *RESTRICT y) {
    INDEX i = ELEMENT();
    if (i < n) {
        INDEX k = i / inner % count;
        INDEX outer = i / inner / count;
        y[(outer * to_axis + to_at + k) * inner + i % inner] = x[(outer * from_axis + from_at + k) * inner + i % inner];
    }
}
