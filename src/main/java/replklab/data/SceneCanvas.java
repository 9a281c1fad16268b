package replklab.data;

import java.util.random.RandomGenerator;

/** A square grey image in the making, and the label of each of its pixels. What is painted later lies in front. */
final class SceneCanvas {
    /** Brightness from which on a pixel of Fashion-MNIST surely belongs to the garment; the ground is 0. */
    private static final float SURELY = 1 / 6f;

    private static final byte BACKGROUND = 0;

    private final int side;
    private final float[] pixels;
    private final byte[] labels;

    /**
     * Where a garment lies.
     *
     * @param x column of its picture's centre
     * @param y row of it
     * @param size side of its picture in pixels
     * @param angle by which it is turned, in radians
     */
    record Pose(double x, double y, double size, double angle) {}

    /** A canvas that shows background alone. */
    SceneCanvas(int side, SceneTexture background) {
        this.side = side;
        this.pixels = new float[side * side];
        this.labels = new byte[side * side];
        for (int y = 0; y < side; y++) {
            for (int x = 0; x < side; x++) {
                pixels[y * side + x] = background.at(x, y);
            }
        }
    }

    /**
     * Paints a garment in its outline, filled with a texture.
     *
     * @param picture brightness 0 to 1, row by row, on a ground of 0
     * @param width of the square picture
     * @param shading how much of the picture's own brightness is added to the texture
     * @param label of the pixels that show it
     */
    void paintGarment(float[] picture, int width, Pose pose, SceneTexture texture, float shading, int label) {
        float[] outline = new float[picture.length];
        for (int i = 0; i < outline.length; i++) {
            outline[i] = Math.min(1, picture[i] / SURELY);
        }
        double cosine = StrictMath.cos(pose.angle) * width / pose.size;
        double sine = StrictMath.sin(pose.angle) * width / pose.size;
        float sharpness = (float) Math.max(1, pose.size / width); // an edge is about a pixel wide
        double reach = pose.size * 0.71; // half of the diagonal
        for (int y = first(pose.y - reach); y < end(pose.y + reach); y++) {
            for (int x = first(pose.x - reach); x < end(pose.x + reach); x++) {
                double dx = x + 0.5 - pose.x;
                double dy = y + 0.5 - pose.y;
                float u = (float) (cosine * dx + sine * dy + width / 2.0 - 0.5);
                float v = (float) (cosine * dy - sine * dx + width / 2.0 - 0.5);
                float cover = (sample(outline, width, u, v) - 0.5f) * sharpness + 0.5f;
                if (cover > 0) {
                    float value = texture.at(x, y) + shading * (sample(picture, width, u, v) - 0.5f);
                    put(y * side + x, value, Math.min(1, cover), label);
                }
            }
        }
    }

    /** Paints a straight bar from edge to edge, through a point; its pixels are background. */
    void paintBar(double x, double y, double angle, double thickness, SceneTexture texture) {
        double cosine = StrictMath.cos(angle);
        double sine = StrictMath.sin(angle);
        for (int row = 0; row < side; row++) {
            for (int column = 0; column < side; column++) {
                double distance = Math.abs(cosine * (row + 0.5 - y) - sine * (column + 0.5 - x));
                float cover = (float) (thickness / 2 - distance + 0.5);
                if (cover > 0) {
                    put(row * side + column, texture.at(column, row), Math.min(1, cover), BACKGROUND);
                }
            }
        }
    }

    private void put(int at, float value, float cover, int label) {
        pixels[at] += (value - pixels[at]) * cover;
        if (cover >= 0.5f) {
            labels[at] = (byte) label;
        }
    }

    private int first(double coordinate) {
        return Math.clamp((int) Math.floor(coordinate), 0, side);
    }

    private int end(double coordinate) {
        return Math.clamp((int) Math.ceil(coordinate), 0, side);
    }

    /** Between four values of a picture; 0 outside. */
    private static float sample(float[] picture, int width, float u, float v) {
        int left = (int) Math.floor(u);
        int top = (int) Math.floor(v);
        float right = u - left;
        float down = v - top;
        float above = value(picture, width, left, top) * (1 - right) + value(picture, width, left + 1, top) * right;
        float below =
                value(picture, width, left, top + 1) * (1 - right) + value(picture, width, left + 1, top + 1) * right;
        return above * (1 - down) + below * down;
    }

    private static float value(float[] picture, int width, int column, int row) {
        boolean inside = column >= 0 && column < width && row >= 0 && row < width;
        return inside ? picture[row * width + column] : 0;
    }

    /** Adds even noise of the given width to every pixel. */
    void addNoise(double width, RandomGenerator random) {
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] += (float) (width * (random.nextDouble() - 0.5));
        }
    }

    /** Writes the image, rounded to bytes as if it came from a file, and normalised. */
    void copyPixels(Normalization normalization, float[] into, int offset) {
        float[] table = normalization.tables()[0];
        for (int i = 0; i < pixels.length; i++) {
            into[offset + i] = table[Math.clamp(Math.round(pixels[i] * 255), 0, 255)];
        }
    }

    /** Writes the labels. */
    void copyLabels(byte[] into, int offset) {
        System.arraycopy(labels, 0, into, offset, labels.length);
    }
}
