package replklab.model;

import java.util.random.RandomGenerator;
import replklab.base.Options;

/**
 * What a network is to be, for whoever makes it: a {@link ModelFactory}, or the constructor of a class that is a model.
 *
 * @param options of the file or the name; each one there is must be asked for, since what nobody asked for is refused
 * @param height of the images in pixels
 * @param width of the images in pixels
 * @param channels of the images, which come as (n, height, width, channels)
 * @param classes of the data: a classifier gives logits (n, classes)
 * @param random draws the starting weights and nothing else: the same seed gives the same network
 */
public record ModelRequest(Options options, int height, int width, int channels, int classes, RandomGenerator random) {}
