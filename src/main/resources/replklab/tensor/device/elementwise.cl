// One work item an element; a group's last ones may have none.

KERNEL(fill)(INDEX n, GLOBAL float *RESTRICT y, float value) {
    INDEX i = ELEMENT();
    if (i < n) y[i] = value;
}

KERNEL(activate)(INDEX n, int kind, GLOBAL const float *RESTRICT x, GLOBAL float *RESTRICT y) {
    INDEX i = ELEMENT();
    if (i < n) y[i] = activated(kind, x[i]);
}

KERNEL(activate_gradient)(INDEX n, int kind, GLOBAL const float *RESTRICT x, GLOBAL const float *RESTRICT dy,
        GLOBAL float *RESTRICT dx) {
    INDEX i = ELEMENT();
    if (i < n) dx[i] = activation_gradient(kind, x[i], dy[i]);
}

// Functions, numbered as ElementwiseOperation.Apply.Function.
KERNEL(apply)(INDEX n, int function, GLOBAL const float *RESTRICT x, GLOBAL float *RESTRICT y) {
    INDEX i = ELEMENT();
    if (i < n) y[i] = function == 0 ? EXP(x[i]) : function == 1 ? LOG(x[i]) : SQRT(x[i]);
}

// y may be x or z. A second factor of zero means "not at all": it must not turn an infinity into a NaN.
KERNEL(combine)(INDEX n, float a, GLOBAL const float *x, float b, GLOBAL const float *z, GLOBAL float *y) {
    INDEX i = ELEMENT();
    if (i < n) {
        if (b == 0.0f) y[i] = a * x[i];
        else y[i] = a * x[i] + b * z[i];
    }
}

KERNEL(multiply)(INDEX n, GLOBAL const float *x, GLOBAL const float *z, GLOBAL float *RESTRICT y) {
    INDEX i = ELEMENT();
    if (i < n) y[i] = x[i] * z[i];
}

// A factor an image, whose elements are `image` many.
KERNEL(scale_images)(INDEX n, INDEX image, GLOBAL const float *RESTRICT x, GLOBAL const float *RESTRICT factors,
        GLOBAL float *RESTRICT y) {
    INDEX i = ELEMENT();
    if (i < n) y[i] = x[i] * factors[i / image];
}

// A factor an image and channel; with one image of all elements, a factor a channel.
KERNEL(gate)(INDEX n, INDEX image, int channels, GLOBAL const float *RESTRICT x, GLOBAL const float *RESTRICT factors,
        GLOBAL float *RESTRICT y) {
    INDEX i = ELEMENT();
    if (i < n) y[i] = x[i] * factors[i / image * channels + i % channels];
}

KERNEL(sgd)(INDEX n, GLOBAL float *RESTRICT w, GLOBAL const float *RESTRICT gradient, GLOBAL float *RESTRICT velocity,
        float scale, float rate, float momentum, float decay) {
    INDEX i = ELEMENT();
    if (i < n) {
        float v = velocity[i] * momentum + (gradient[i] * scale + w[i] * decay);
        velocity[i] = v;
        w[i] = w[i] - v * rate;
    }
}

// fresh is 1 - beta, shrink 1 - rate decay, correction 1 / (1 - beta to the step).
KERNEL(adamw)(INDEX n, GLOBAL float *RESTRICT w, GLOBAL const float *RESTRICT gradient, GLOBAL float *RESTRICT first,
        GLOBAL float *RESTRICT second, float scale, float rate, float beta1, float fresh1, float beta2, float fresh2,
        float epsilon, float shrink, float correction1, float correction2) {
    INDEX i = ELEMENT();
    if (i < n) {
        float g = gradient[i] * scale;
        float m = first[i] * beta1 + g * fresh1;
        float v = second[i] * beta2 + g * g * fresh2;
        first[i] = m;
        second[i] = v;
        float update = m * correction1 / (SQRT(v * correction2) + epsilon);
        w[i] = w[i] * shrink - update * rate;
    }
}
