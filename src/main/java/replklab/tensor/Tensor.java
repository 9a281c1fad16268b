package replklab.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.nd4j.linalg.api.ndarray.INDArray;
import replklab.base.Reusable;
import replklab.base.Reusables;
import replklab.base.UsageException;
import replklab.device.DeviceArray;
import replklab.device.DeviceMemory;

/**
 * A dense float32 array and, while a {@link Tape} is open, a value to differentiate. Images are NHWC: (batch, height,
 * width, channels).
 *
 * <p>The methods from {@link #pointwise} on are the operations a network is made of. Each returns a new tensor and, on a
 * recording tape, takes care of its own gradient; so a block is written by its forward pass alone.
 */
public final class Tensor {
    /** Elements that {@link #exchange} moves at a time. */
    private static final long EXCHANGED = 16 * 1024;

    private final Shape shape;
    private final Storage storage;
    private boolean tracked;
    private boolean parameter;
    private boolean replaced;
    private Tensor gradient;
    private Recording gradientOwner;
    private Reusables<Object, Reusable> prepared;

    Tensor(Shape shape, Storage storage) {
        if (!storage.isSymbolic() && storage.bytes() < shape.elements() * Float.BYTES) {
            throw new IllegalArgumentException(
                    "shape " + shape + " needs more memory than " + storage.bytes() + " bytes");
        }
        this.shape = shape;
        this.storage = storage;
    }

    // Making and reading ---------------------------------------------------------------------------------------------

    /** A tensor of undefined contents, on the open tape if there is one. */
    public static Tensor empty(Shape shape) {
        return new Tensor(shape, Tape.allocate(shape.elements()));
    }

    /** A tensor of zeros. */
    public static Tensor zeros(int... sizes) {
        return full(0, sizes);
    }

    /** A tensor with the same value everywhere. */
    public static Tensor full(float value, int... sizes) {
        Tensor tensor = empty(Shape.of(sizes));
        Backend.run(new ElementwiseOperation.Fill(tensor, value));
        return tensor;
    }

    /**
     * A copy of an array, row-major.
     *
     * @throws UsageException if the array's length is not the shape's
     */
    public static Tensor of(float[] values, int... sizes) {
        Shape shape = Shape.of(sizes);
        if (values.length != shape.elements()) {
            throw new UsageException(
                    values.length + " values for shape " + shape + ", which has " + shape.elements() + " elements");
        }
        Tensor tensor = new Tensor(shape, Tape.allocateWithContents(shape.elements()));
        MemorySegment.copy(values, 0, tensor.memory(), ValueLayout.JAVA_FLOAT, 0, values.length);
        return tensor;
    }

    /** A tensor over an ND4J array's own memory if that is float32 in C order, else over a copy. */
    public static Tensor of(INDArray array) {
        return NdArrays.tensor(array);
    }

    /** Numbers drawn from a normal distribution of mean 0. */
    public static Tensor normal(RandomGenerator random, double standardDeviation, int... sizes) {
        float[] values = new float[Math.toIntExact(Shape.of(sizes).elements())];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (standardDeviation * random.nextGaussian());
        }
        return of(values, sizes);
    }

    /**
     * Marks this tensor as one to be trained: its gradient is computed by every {@link Tape#backward}.
     *
     * @throws IllegalStateException if it is frozen
     */
    public Tensor asParameter() {
        requireChangeable();
        parameter = true;
        tracked = true;
        return this;
    }

    /**
     * Whether coming passes compute this parameter's gradient; it then moves with training or stays as it is. Other tensors are
     * not asked.
     *
     * @throws IllegalStateException if this is no parameter
     */
    public void requireGradient(boolean wanted) {
        if (!parameter) {
            throw new IllegalStateException(
                    "only a parameter can be told whether it has a gradient: asParameter() first");
        }
        tracked = wanted;
    }

    /** Whether {@link #asParameter()} was called. */
    public boolean isParameter() {
        return parameter;
    }

    /**
     * Notes that this parameter was merged with others into a new one (structural re-parameterisation). It may be trained on;
     * but an optimiser that finds no gradient for it then belongs to another network than the one that is being trained.
     */
    public void markReplaced() {
        replaced = true;
    }

    /** Whether {@link #markReplaced()} was called. */
    public boolean isReplaced() {
        return replaced;
    }

    /**
     * Promises that this tensor's elements never change again, so that a backend may keep what it computes from them
     * beside it: for the weights of a model that only infers. Changing and training it is refused from now on, also through
     * a reshape of it.
     *
     * @throws IllegalStateException if this is a parameter, or was made on a tape, which takes its memory back
     */
    public Tensor freeze() {
        if (parameter) {
            throw new IllegalStateException("a parameter is there to be trained: freeze a copy()");
        }
        if (storage.isPooled()) {
            throw new IllegalStateException(
                    "this tensor was made on a tape, which takes its memory back: freeze a copy()");
        }
        storage.freeze();
        return this;
    }

    /** Whether {@link #freeze()} was called. */
    public boolean isFrozen() {
        return storage.isFrozen();
    }

    /**
     * For backends: what {@code make} computes from this tensor's contents, made at the first call with this key and kept
     * beside the tensor until memory is wanted for something else. The caller closes it after use.
     *
     * @param key what it is; an equal one gets the same object
     * @throws IllegalStateException unless this tensor is frozen
     */
    @SuppressWarnings("unchecked") // the key decides the type
    public <T extends Reusable> T prepared(Object key, Supplier<T> make) {
        if (!isFrozen()) {
            throw new IllegalStateException("only what is kept beside a frozen tensor stays true");
        }
        synchronized (storage) {
            if (prepared == null) {
                prepared = new Reusables<>();
            }
        }
        return (T) prepared.use(key, _ -> make.get());
    }

    /** For everything that changes the contents, before it does: recorded operations that read the old ones find out. */
    void beforeChange() {
        requireChangeable();
        storage.change();
    }

    private void requireChangeable() {
        if (isFrozen()) {
            throw new IllegalStateException("this tensor of shape " + shape
                    + " is frozen: its contents never change, so it can't be trained or overwritten; take a copy()");
        }
    }

    public Shape shape() {
        return shape;
    }

    /** Size of one axis; negative ones count from the last. */
    public int size(int axis) {
        return shape.size(axis);
    }

    /** The elements, row-major, as a fresh array. */
    public float[] toArray() {
        MemorySegment memory = storage.memoryToRead();
        float[] values = new float[Math.toIntExact(shape.elements())];
        MemorySegment.copy(memory, ValueLayout.JAVA_FLOAT, 0, values, 0, values.length);
        return values;
    }

    /** The value of a tensor with one element. */
    public float item() {
        if (shape.elements() != 1) {
            throw new UsageException("item() reads a tensor of one element; this one has shape " + shape);
        }
        return storage.memoryToRead().get(ValueLayout.JAVA_FLOAT, 0);
    }

    /**
     * An ND4J array over this tensor's own memory, which it keeps from being freed: a change of one is seen in the other.
     * A tensor made on a tape gives a copy, since its memory goes back to the pool, and so does a frozen one, and one whose
     * numbers lie on a device.
     */
    public INDArray toNd4j() {
        return NdArrays.array(this);
    }

    /** A copy that no tape owns or records. */
    public Tensor copy() {
        Tensor copy = new Tensor(
                shape,
                Tape.withoutTape(() -> storage.place() == null
                        ? Tape.allocateWithContents(shape.elements())
                        : Storage.unplaced(storage.bytes(), false)));
        copy.assign(this);
        return copy;
    }

    /** Overwrites this tensor's elements with another's of the same shape. */
    public void assign(Tensor other) {
        Check.same("assign", this, other);
        beforeChange();
        if (!storage.copyOnDevice(other.storage)) {
            MemorySegment.copy(other.storage.memoryToRead(), 0, memory(), 0, shape.elements() * Float.BYTES);
        }
    }

    /** Exchanges this tensor's elements with another's of the same shape, with no memory for either. */
    public void exchange(Tensor other) {
        Check.same("exchange", this, other);
        beforeChange();
        other.beforeChange();
        if (storage.exchangeOnDevice(other.storage)) {
            return;
        }
        MemorySegment one = memory();
        MemorySegment two = other.memory();
        MemorySegment kept = MemorySegment.ofArray(new float[Math.toIntExact(Math.min(EXCHANGED, shape.elements()))]);
        long bytes = shape.elements() * Float.BYTES;
        for (long at = 0; at < bytes; at += kept.byteSize()) {
            long part = Math.min(kept.byteSize(), bytes - at);
            MemorySegment.copy(one, at, kept, 0, part);
            MemorySegment.copy(two, at, one, at, part);
            MemorySegment.copy(kept, 0, two, at, part);
        }
    }

    /** Overwrites this tensor's elements, row-major. */
    public void assign(float[] values) {
        if (values.length != shape.elements()) {
            throw new UsageException(values.length + " values for a tensor of shape " + shape);
        }
        beforeChange();
        MemorySegment.copy(values, 0, memory(), ValueLayout.JAVA_FLOAT, 0, values.length);
    }

    /**
     * The gradient that {@link Tape#backward} left, valid until that tape closes.
     *
     * @throws IllegalStateException if there is none
     */
    public Tensor gradient() {
        if (gradient == null) {
            throw new IllegalStateException(
                    "this tensor has no gradient: it needs asParameter(), a share in the loss, and"
                            + " a tape that has run backward and is still open");
        }
        return gradient;
    }

    /** The gradient, or null if the last backward pass did not reach this tensor. */
    public Tensor gradientOrNull() {
        return gradient;
    }

    /**
     * The host's memory with the numbers, for backends that compute there; layers have no business here. What is written there is
     * not noticed by recorded operations that read it. The next operation on a device may leave it behind.
     */
    public MemorySegment memory() {
        return storage.memory();
    }

    /** For backends that compute on a device: its array with this tensor's numbers, to read. */
    public DeviceArray toRead(DeviceMemory device) {
        return storage.toRead(device);
    }

    /** For backends that compute on a device: its array for this tensor's numbers, of which all are written. */
    public DeviceArray toWrite(DeviceMemory device) {
        return storage.toWrite(device);
    }

    /** Where the numbers were last written: {@code cpu}, or a device's name such as {@code opencl:0}. */
    public String device() {
        DeviceMemory place = storage.place();
        return place == null ? "cpu" : place.device().name();
    }

    /** What is equal for two tensors that look at the same memory, as a reshape and what it was made of do. */
    public Object memoryKey() {
        return storage;
    }

    // Convolutions ---------------------------------------------------------------------------------------------------

    /**
     * Pointwise (1x1) convolution over the last axis; the linear layer, too.
     *
     * @param w (out, in)
     * @param bias (out), or null
     */
    public Tensor pointwise(Tensor w, Tensor bias) {
        return Convolutions.pointwise(this, w, bias);
    }

    /**
     * Pointwise convolution, activation and residual: activation(x wᵀ + bias) + residual, in one pass where nothing is
     * recorded.
     *
     * @param w (out, in)
     * @param bias (out), or null
     * @param activation any
     * @param residual shaped like the result, or null
     */
    public Tensor pointwise(Tensor w, Tensor bias, Activation activation, Tensor residual) {
        return Convolutions.pointwise(this, w, bias, activation, residual);
    }

    /**
     * Depthwise convolution of an image with 'same' padding: (n, h, w, c) to (n, h / stride, w / stride, c), rounded up. A pixel
     * that is not finite makes NaN of its channel's whole map where it is computed by Fourier transforms.
     *
     * @param w (kernel, kernel, c), kernel odd
     * @param bias (c), or null
     */
    public Tensor depthwise(Tensor w, Tensor bias, int stride, int dilation) {
        return depthwise(w, bias, stride, dilation, Activation.NONE);
    }

    /** {@link #depthwise(Tensor, Tensor, int, int)} and an activation; clamps cost no pass of their own in inference. */
    public Tensor depthwise(Tensor w, Tensor bias, int stride, int dilation, Activation activation) {
        return Convolutions.depthwise(this, w, bias, stride, dilation, activation);
    }

    /**
     * A large and a small depthwise convolution of the same image, stride 1: the parallel kernels of structural
     * re-parameterisation (paper section 3, guideline 3). Cheaper than two calls where the backend shares work.
     *
     * @param large (kernel, kernel, c), kernel odd
     * @param small (kernel, kernel, c), kernel odd
     * @return both outputs, each shaped like this, in this order
     */
    public Tensor[] depthwisePair(Tensor large, Tensor small) {
        return Convolutions.depthwisePair(this, large, small);
    }

    /**
     * Full convolution of an image with 'same' padding.
     *
     * @param w (out, kernel, kernel, in), kernel odd
     * @param bias (out), or null
     */
    public Tensor convolution(Tensor w, Tensor bias, int stride, int dilation) {
        return convolution(w, bias, stride, dilation, Activation.NONE);
    }

    /** {@link #convolution(Tensor, Tensor, int, int)} and an activation. */
    public Tensor convolution(Tensor w, Tensor bias, int stride, int dilation, Activation activation) {
        return Convolutions.convolution(this, w, bias, stride, dilation, activation);
    }

    // Normalisation and elementwise ----------------------------------------------------------------------------------

    /**
     * Batch norm over all axes but the last, then an activation in the same pass.
     *
     * @param training whether to norm by the batch's statistics, which then move the running ones, or by the running ones
     */
    public Tensor batchNorm(BatchNormState state, Activation activation, boolean training) {
        return Normalisation.batchNorm(this, state, activation, training);
    }

    /**
     * Layer norm over the last axis (Ba et al. 2016): every row by its own mean and biased variance.
     *
     * @param gamma (c), the scale
     * @param beta (c), the shift
     * @param epsilon added to the variance
     */
    public Tensor layerNorm(Tensor gamma, Tensor beta, double epsilon) {
        return Normalisation.layerNorm(this, gamma, beta, epsilon);
    }

    public Tensor activation(Activation kind) {
        return Elementwise.activation(this, kind);
    }

    public Tensor relu() {
        return activation(Activation.RELU);
    }

    public Tensor relu6() {
        return activation(Activation.RELU6);
    }

    /** The exact GELU, by the error function. */
    public Tensor gelu() {
        return activation(Activation.GELU);
    }

    public Tensor sigmoid() {
        return activation(Activation.SIGMOID);
    }

    /** The natural exponential of each element. */
    public Tensor exp() {
        return Elementwise.exp(this);
    }

    /** The natural logarithm of each element: -Infinity at 0, NaN below. */
    public Tensor log() {
        return Elementwise.log(this);
    }

    /** The square root of each element: NaN below 0. */
    public Tensor sqrt() {
        return Elementwise.sqrt(this);
    }

    /** exp(x) over its sum along the last axis: rows of logits to rows of probabilities. */
    public Tensor softmax() {
        return Broadcasting.softmax(this);
    }

    /**
     * The sum. The shapes need not be equal: axes stand beside each other from the last on, and one of size 1, or that is
     * missing, is repeated, as in NumPy. So it is with {@link #subtract}, {@link #multiply} and {@link #divide}.
     *
     * @throws UsageException if the shapes do not fit
     */
    public Tensor add(Tensor other) {
        return Elementwise.add(this, other);
    }

    /** The difference; for shapes see {@link #add}. */
    public Tensor subtract(Tensor other) {
        return Elementwise.subtract(this, other);
    }

    /** The quotient; for shapes see {@link #add}. */
    public Tensor divide(Tensor other) {
        return Broadcasting.binary(ArrayOperation.Binary.Arithmetic.DIVIDE, this, other);
    }

    public Tensor scale(float factor) {
        return Elementwise.scale(this, factor);
    }

    /** The elementwise product; for shapes see {@link #add}. */
    public Tensor multiply(Tensor other) {
        return Elementwise.multiply(this, other);
    }

    /**
     * Each channel of each image times a factor of its own, as in squeeze-and-excitation: (n, ..., c) to the same.
     *
     * @param factors (n, c)
     */
    public Tensor gate(Tensor factors) {
        return Elementwise.gate(this, factors);
    }

    /**
     * Drop path (stochastic depth, Huang et al. 2016): with this probability an image's values become zero, and the
     * others' grow by 1 / (1 - probability). The identity unless a training tape is open.
     */
    public Tensor dropPath(double probability) {
        return Elementwise.dropPath(this, probability);
    }

    /**
     * Dropout of whole channels (Tompson et al. 2015): with this probability a channel of an image becomes zero, and the
     * others grow by 1 / (1 - probability). The identity unless a recording tape is open.
     */
    public Tensor dropChannels(double probability) {
        return Elementwise.dropChannels(this, probability);
    }

    /**
     * Each channel times a factor of its own, as in layer scale (Touvron et al. 2021).
     *
     * @param factors (c)
     */
    public Tensor scaleChannels(Tensor factors) {
        return Elementwise.scaleChannels(this, factors);
    }

    /** The channels of several tensors of equal other axes, side by side: (..., c1), (..., c2) to (..., c1 + c2). */
    public static Tensor concatenate(Tensor... parts) {
        return Space.concatenate(-1, parts);
    }

    /** Several tensors one after the other along an axis; negative ones count from the last. All other axes are equal. */
    public static Tensor concatenate(int axis, Tensor... parts) {
        return Space.concatenate(axis, parts);
    }

    /**
     * The elements from index {@code from} (inclusive) to {@code to} (exclusive) of an axis.
     *
     * @param axis negative ones count from the last
     */
    public Tensor slice(int axis, int from, int to) {
        return Space.slice(this, axis, from, to);
    }

    /**
     * The same elements with the axes in another order.
     *
     * @param axes which of this tensor's axes each axis of the result is: {@code transpose(0, 3, 1, 2)} makes (n, c, h, w) of
     *     (n, h, w, c)
     */
    public Tensor transpose(int... axes) {
        return Space.transpose(this, axes);
    }

    /**
     * An operation of one's own, recorded with the gradient that it says.
     *
     * @param inputs at least one
     */
    public static Tensor custom(CustomOperation operation, Tensor... inputs) {
        return CustomCall.of(operation, inputs);
    }

    // Space ----------------------------------------------------------------------------------------------------------

    /** Mean over height and width: (n, h, w, c) to (n, c). */
    public Tensor globalAveragePool() {
        return Space.globalAveragePool(this);
    }

    /**
     * The highest value of each window: (n, h, w, c) to (n, (h + 2 padding - kernel) / stride + 1, likewise, c), rounded down.
     *
     * @param kernel side of the windows in pixels
     * @param stride step between them
     * @param padding pixels around the image that are never the highest, at most half a window
     */
    public Tensor maxPool(int kernel, int stride, int padding) {
        return Space.maxPool(this, kernel, stride, padding);
    }

    /** Bilinear interpolation to another size, pixel centres at half-integers: (n, h, w, c) to (n, height, width, c). */
    public Tensor resizeBilinear(int height, int width) {
        return Space.resizeBilinear(this, height, width);
    }

    /**
     * Mean over each cell of a grid: (n, h, w, c) to (n, height, width, c). Cells overlap where the sides are no multiples
     * of the grid's, as in PyTorch's adaptive pooling.
     */
    public Tensor adaptiveAveragePool(int height, int width) {
        return Space.adaptiveAveragePool(this, height, width);
    }

    /**
     * Squares of {@code size} pixels a side as pixels: (n, h, w, c) to (n, h / size, w / size, size * size * c), rounded down,
     * in the order height, width, channels. A pointwise convolution of that is a convolution of stride {@code size} without
     * padding.
     */
    public Tensor patches(int size) {
        return Space.patches(this, size);
    }

    /** The same elements under another shape; nothing is copied. */
    public Tensor reshape(int... sizes) {
        return Space.reshape(this, Shape.of(sizes));
    }

    // Losses and reductions ------------------------------------------------------------------------------------------

    /** Softmax cross-entropy of rows of logits, averaged over the rows that count: a scalar. */
    public Tensor crossEntropy(Targets targets) {
        return Losses.crossEntropy(this, targets);
    }

    /** The sum of all elements: a scalar. */
    public Tensor sum() {
        return Losses.sum(this);
    }

    /** The sum along some axes, which the result does not have; negative ones count from the last. */
    public Tensor sum(int... axes) {
        return Broadcasting.sum(this, axes);
    }

    /** The mean along some axes, which the result does not have; negative ones count from the last. */
    public Tensor mean(int... axes) {
        return Broadcasting.mean(this, axes);
    }

    /** The highest value along some axes, which the result does not have; the gradient goes to the first of equal ones. */
    public Tensor max(int... axes) {
        return Broadcasting.max(this, axes);
    }

    /** The mean of all elements: a scalar. */
    public Tensor mean() {
        return sum().scale((float) (1.0 / shape.elements()));
    }

    /**
     * Computes the gradient of this scalar with respect to every tensor that requires one, as {@link Tape#backward} of the tape
     * that is open.
     *
     * @throws IllegalStateException without an open tape
     */
    public void backward() {
        Tape.openForBackward().backward(this);
    }

    // For the tape ---------------------------------------------------------------------------------------------------

    Storage storage() {
        return storage;
    }

    boolean isTracked() {
        return tracked;
    }

    void track() {
        tracked = true;
    }

    /** The recording whose backward pass left the gradient, or null. */
    Recording gradientOwner() {
        return gradientOwner;
    }

    void setGradient(Tensor newGradient, Recording owner) {
        gradient = newGradient;
        gradientOwner = owner;
    }

    @Override
    public String toString() {
        if (storage.isSymbolic()) {
            return "Tensor" + shape + " without contents";
        }
        int shown = (int) Math.min(8, shape.elements());
        float[] first = new float[shown];
        String place = storage.place() == null ? "" : "on " + device() + " ";
        MemorySegment.copy(storage.memoryToRead(), ValueLayout.JAVA_FLOAT, 0, first, 0, shown);
        String values = Arrays.toString(first);
        return "Tensor" + shape + " " + place
                + (shown < shape.elements() ? values.substring(0, values.length() - 1) + ", ...]" : values);
    }
}
