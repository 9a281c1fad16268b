package replklab.conv;

import java.lang.foreign.MemorySegment;

/** Each pass by the algorithm that {@link DepthwisePlanner} chooses for it. */
public final class PlannedDepthwise implements DepthwiseConvolution {
    private final DepthwisePlanner planner;
    private final DirectDepthwise direct = new DirectDepthwise();
    private final FftDepthwise fft = new FftDepthwise();

    public PlannedDepthwise(DepthwisePlanner planner) {
        this.planner = planner;
    }

    @Override
    public String name() {
        return "planned";
    }

    @Override
    public boolean supports(ConvolutionShape s) {
        return true;
    }

    @Override
    public String algorithm(ConvolutionShape s, DepthwisePass pass) {
        return planner.choose(DepthwiseTask.of(s, pass)).label();
    }

    private DepthwiseConvolution chosen(ConvolutionShape s, DepthwisePass pass) {
        return planner.choose(DepthwiseTask.of(s, pass)) == Algorithm.FFT ? fft : direct;
    }

    @Override
    public void forward(ConvolutionShape s, MemorySegment x, MemorySegment w, Epilogue epilogue, MemorySegment y) {
        chosen(s, DepthwisePass.FORWARD).forward(s, x, w, epilogue, y);
    }

    /** Whose form filters that will not change should have for forward passes on maps of this shape, of any batch size. */
    public Algorithm prepares(ConvolutionShape s) {
        return planner.choose(DepthwiseTask.of(s.withBatch(1), DepthwisePass.PREPARED_FORWARD));
    }

    /** Prepares filters for forward passes on maps of this shape, of any batch size. Stride and dilation 1 only. */
    public PreparedFilters prepare(ConvolutionShape s, Algorithm algorithm, MemorySegment w) {
        return algorithm == Algorithm.FFT ? fft.prepare(s, w) : direct.prepare(s, w);
    }

    /** The forward pass with prepared filters. */
    public void forward(
            ConvolutionShape s,
            MemorySegment x,
            MemorySegment w,
            PreparedFilters filters,
            Epilogue epilogue,
            MemorySegment y) {
        if (filters.algorithm() == Algorithm.FFT) {
            fft.forward(s, x, w, filters, epilogue, y);
        } else {
            direct.forward(s, x, w, filters, epilogue, y);
        }
    }

    @Override
    public void inputGradient(ConvolutionShape s, MemorySegment dy, MemorySegment w, MemorySegment dx) {
        chosen(s, DepthwisePass.INPUT_GRADIENT).inputGradient(s, dy, w, dx);
    }

    @Override
    public void weightGradient(ConvolutionShape s, MemorySegment x, MemorySegment dy, MemorySegment dw) {
        chosen(s, DepthwisePass.WEIGHT_GRADIENT).weightGradient(s, x, dy, dw);
    }

    @Override
    public void gradients(
            ConvolutionShape s,
            MemorySegment x,
            MemorySegment dy,
            MemorySegment w,
            MemorySegment dx,
            MemorySegment dw) {
        chosen(s, DepthwisePass.GRADIENTS).gradients(s, x, dy, w, dx, dw);
    }

    /** Two parallel kernels on the same input, the block of the paper's guideline 3: see {@link FftDepthwise#forwardPair}. */
    public void forwardPair(
            ConvolutionShape large,
            ConvolutionShape small,
            MemorySegment x,
            MemorySegment wLarge,
            MemorySegment wSmall,
            MemorySegment yLarge,
            MemorySegment ySmall) {
        if (sharesTransforms(large, small, DepthwisePass.FORWARD)) {
            fft.forwardPair(large, small, x, wLarge, wSmall, yLarge, ySmall);
        } else {
            forward(large, x, wLarge, Epilogue.NONE, yLarge);
            forward(small, x, wSmall, Epilogue.NONE, ySmall);
        }
    }

    /** All gradients of two parallel kernels, where {@link #sharesTransforms} says so: see {@link FftDepthwise#gradientsPair}. */
    public void gradientsPair(
            ConvolutionShape large,
            ConvolutionShape small,
            MemorySegment x,
            MemorySegment dyLarge,
            MemorySegment dySmall,
            MemorySegment wLarge,
            MemorySegment wSmall,
            MemorySegment dx,
            MemorySegment dwLarge,
            MemorySegment dwSmall) {
        fft.gradientsPair(large, small, x, dyLarge, dySmall, wLarge, wSmall, dx, dwLarge, dwSmall);
    }

    /** Whether a pass of two parallel kernels is one computation with shared transforms, rather than one a kernel. */
    public boolean sharesTransforms(ConvolutionShape large, ConvolutionShape small, DepthwisePass pass) {
        return planner.choose(new DepthwiseTask(large, pass, small.kernel())) == Algorithm.FFT;
    }
}
