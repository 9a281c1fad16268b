package replklab.analysis;

import java.util.ArrayList;
import java.util.List;

/**
 * The detectors of the paper's table 9 on top of a backbone, counted by arithmetic as MMDetection builds them: FCOS (Tian et al.
 * 2019), and Cascade Mask R-CNN (Cai and Vasconcelos 2018) whose box heads have four convolutions, one hidden layer and
 * boxes for each class. As MMDetection counts, 1000 proposals and 100 masks go through each of the three stages.
 */
final class Detectors {
    private static final int WIDTH = 256;
    private static final int CLASSES = 80;
    private static final int HIDDEN = 1024;
    private static final int STAGES = 3;
    private static final long PROPOSALS = 1000;
    private static final long MASKS = 100;

    /** Pixels of each feature map, the finest first, and of the coarser ones made from the last. */
    private final List<Long> pixels = new ArrayList<>();

    private long parameters;
    private long macs;
    private long additions;

    /**
     * A count that begins with the feature pyramid.
     *
     * @param channels of the backbone's maps that are used
     * @param height of the finest of them
     * @param width of the finest of them
     * @param levels of the pyramid, at least as many as maps
     */
    private Detectors(List<Integer> channels, int height, int width, int levels) {
        int h = height;
        int w = width;
        for (int level = 0; level < levels; level++) {
            pixels.add((long) h * w);
            if (level < channels.size()) {
                convolution(channels.get(level), WIDTH, 1, (long) h * w, 1);
                convolution(WIDTH, WIDTH, 3, (long) h * w, 1);
            }
            h = Math.ceilDiv(h, 2);
            w = Math.ceilDiv(w, 2);
        }
    }

    /** FCOS on three maps of 1/8 to 1/32 of the image; two more levels come from the last by strided convolutions. */
    static PaperCount fcos(List<Integer> channels, int height, int width) {
        Detectors count = new Detectors(channels, height, width, channels.size() + 2);
        for (long strided : count.pixels.subList(channels.size(), count.pixels.size())) {
            count.convolution(WIDTH, WIDTH, 3, strided, 1);
        }
        long all = count.positions();
        for (int layer = 0; layer < 8; layer++) { // four for classes, four for boxes, each with a group norm
            count.convolution(WIDTH, WIDTH, 3, all, 2);
        }
        count.convolution(WIDTH, CLASSES + 4 + 1, 3, all, 1);
        return count.result();
    }

    /** Cascade Mask R-CNN on four maps of 1/4 to 1/32 of the image; a fifth level is the last one, subsampled. */
    static PaperCount cascadeMaskRcnn(List<Integer> channels, int height, int width) {
        Detectors count = new Detectors(channels, height, width, channels.size() + 1);
        count.convolution(WIDTH, WIDTH, 3, count.positions(), 1); // region proposals: three anchors a position
        count.convolution(WIDTH, 3 * (1 + 4), 1, count.positions(), 1);
        for (int stage = 0; stage < STAGES; stage++) {
            for (int layer = 0; layer < 4; layer++) {
                count.convolution(WIDTH, WIDTH, 3, PROPOSALS * 7 * 7, 2);
                count.convolution(WIDTH, WIDTH, 3, MASKS * 14 * 14, 1);
            }
            count.convolution(7 * 7 * WIDTH, HIDDEN, 1, PROPOSALS, 1);
            count.convolution(HIDDEN, CLASSES + 1 + 4 * CLASSES, 1, PROPOSALS, 1);
            // A transposed convolution makes four pixels of one: 2x2 filters, each product counted once.
            count.parameters += 4L * WIDTH * WIDTH + WIDTH;
            count.macs += 4L * WIDTH * WIDTH * MASKS * 14 * 14;
            count.additions += WIDTH * MASKS * 28 * 28;
            count.convolution(WIDTH, CLASSES, 1, MASKS * 28 * 28, 1);
        }
        return count.result();
    }

    private long positions() {
        return pixels.stream().mapToLong(Long::longValue).sum();
    }

    /** One whose outputs have {@code each} parameters a channel besides the filters: a bias, or a norm's two. */
    private void convolution(long in, long out, int kernel, long positions, int each) {
        parameters += in * out * kernel * kernel + each * out;
        macs += in * out * kernel * kernel * positions;
        additions += out * positions;
    }

    private PaperCount result() {
        return new PaperCount(parameters, macs, additions);
    }
}
