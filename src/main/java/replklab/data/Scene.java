package replklab.data;

import java.util.random.RandomGenerator;

/**
 * How one scene of {@link FashionScenes} is put together, from back to front: a textured background, small garments, the main
 * garment, more small garments, and bars. Lengths are shares of the image's side.
 *
 * <p>What is local tells little of the main garment. It is brighter than the background, but so are the other garments and some
 * bars; its inside is filled with a texture of the same kinds that everything has, the bars cut it into pieces, and small garments of any class lie around and on it: to name the
 * class of a pixel inside, one has to see the outline around.
 */
final class Scene {
    private static final double MAIN_SMALLEST = 0.70;
    private static final double MAIN_LARGEST = 1.0;
    private static final double SMALL_SMALLEST = 0.16;
    private static final double SMALL_LARGEST = 0.34;
    private static final int MOST_BEHIND = 2;
    private static final int MOST_IN_FRONT = 2;
    private static final int MOST_BARS = 2;
    private static final double BAR_THINNEST = 0.04;
    private static final double BAR_THICKEST = 0.09;

    /** How far a garment is turned at most, in degrees. */
    private static final double MOST_TURNED = 12;
    /** How much of its own shading is left of the main garment, and of a small one, at most. */
    private static final double MAIN_SHADING = 0.25;

    private static final double SMALL_SHADING = 0.5;
    private static final double GROUND_DARKEST = 0.10;
    private static final double GROUND_BRIGHTEST = 0.40;
    private static final double GARMENT_DARKEST = 0.55;
    private static final double GARMENT_BRIGHTEST = 0.90;
    private static final double NOISE = 0.06;

    private final ImageDataset garments;
    private final int side;
    private final RandomGenerator random;

    /**
     * @param garments Fashion-MNIST's images
     * @param side of the scene in pixels
     * @param random decides everything
     */
    Scene(ImageDataset garments, int side, RandomGenerator random) {
        this.garments = garments;
        this.side = side;
        this.random = random;
    }

    /**
     * Draws the scene.
     *
     * @param main which garment is the main one
     */
    SceneCanvas draw(int main) {
        SceneCanvas canvas = new SceneCanvas(side, SceneTexture.draw(GROUND_DARKEST, GROUND_BRIGHTEST, side, random));
        int behind = random.nextInt(1, MOST_BEHIND + 1);
        for (int i = 0; i < behind; i++) {
            paintSmall(canvas);
        }
        double size = between(MAIN_SMALLEST, MAIN_LARGEST) * side;
        double free = Math.max(0, side - 0.8 * size) / 2; // a garment leaves some of its square empty
        paint(canvas, main, size, between(-free, free), between(-free, free), MAIN_SHADING);
        int inFront = random.nextInt(1, MOST_IN_FRONT + 1);
        for (int i = 0; i < inFront; i++) {
            paintSmall(canvas);
        }
        int bars = random.nextInt(MOST_BARS + 1);
        for (int i = 0; i < bars; i++) {
            canvas.paintBar(
                    between(0.2, 0.8) * side,
                    between(0.2, 0.8) * side,
                    between(0, Math.PI),
                    between(BAR_THINNEST, BAR_THICKEST) * side,
                    SceneTexture.draw(GROUND_DARKEST, GARMENT_BRIGHTEST, side, random));
        }
        canvas.addNoise(NOISE, random);
        return canvas;
    }

    private void paintSmall(SceneCanvas canvas) {
        double size = between(SMALL_SMALLEST, SMALL_LARGEST) * side;
        double reach = (side - 0.5 * size) / 2; // a corner may be cut off
        paint(
                canvas,
                random.nextInt(garments.size()),
                size,
                between(-reach, reach),
                between(-reach, reach),
                SMALL_SHADING);
    }

    private void paint(SceneCanvas canvas, int garment, double size, double right, double down, double mostShading) {
        float[] values = new float[garments.shape().values()];
        garments.read(garment, values, 0);
        Normalization normalization = garments.info().normalization();
        double mean = normalization.mean().getFirst();
        double std = normalization.std().getFirst();
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (values[i] * std + mean);
        }
        SceneTexture texture = SceneTexture.draw(GARMENT_DARKEST, GARMENT_BRIGHTEST, side, random);
        canvas.paintGarment(
                values,
                garments.shape().width(),
                new SceneCanvas.Pose(
                        side / 2.0 + right,
                        side / 2.0 + down,
                        size,
                        Math.toRadians(between(-MOST_TURNED, MOST_TURNED))),
                texture,
                (float) between(0, mostShading),
                1 + garments.label(garment));
    }

    private double between(double low, double high) {
        return low + (high - low) * random.nextDouble();
    }
}
