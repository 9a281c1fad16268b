package replklab.data;

import java.util.random.RandomGenerator;

/**
 * The texture of a class of garments: stripes in a direction of the class's own, as if each kind of garment were woven on a
 * loom of its own. Direction, width and phase of the stripes vary from image to image, directions so much that neighbouring
 * classes overlap: like a garment's outline, its texture says much about the class but not all.
 */
final class Weave {
    /** Standard deviation of an image's direction around the class's, as a share of the step between classes. */
    private static final double JITTER = 0.4;
    /** Distance between two stripes in pixels. */
    private static final double NARROWEST = 4;

    private static final double WIDEST = 5.5;

    private final double[] sineAcross;
    private final double[] cosineAcross;
    private final double[] sineDown;
    private final double[] cosineDown;

    /**
     * @param kind the class, from 0
     * @param kinds number of classes; they share half a turn
     * @param side of the image in pixels
     * @param random the image's own variation is drawn from it
     */
    Weave(int kind, int kinds, int side, RandomGenerator random) {
        double angle = (kind + JITTER * random.nextGaussian()) * Math.PI / kinds;
        double turn = 2 * Math.PI / random.nextDouble(NARROWEST, WIDEST);
        double phase = random.nextDouble(2 * Math.PI);
        sineAcross = new double[side];
        cosineAcross = new double[side];
        sineDown = new double[side];
        cosineDown = new double[side];
        // StrictMath gives the same bits on every machine, and the sum of angles makes a call a row and a column do.
        double across = turn * StrictMath.cos(angle);
        double down = turn * StrictMath.sin(angle);
        for (int i = 0; i < side; i++) {
            sineAcross[i] = StrictMath.sin(across * i + phase);
            cosineAcross[i] = StrictMath.cos(across * i + phase);
            sineDown[i] = StrictMath.sin(down * i);
            cosineDown[i] = StrictMath.cos(down * i);
        }
    }

    /** The stripes at a pixel, -1 to 1. */
    double at(int x, int y) {
        return sineAcross[x] * cosineDown[y] + cosineAcross[x] * sineDown[y];
    }
}
