package replklab.bench;

/**
 * Who was not measured in a case, and why.
 *
 * @param implementation {@code torch}, ...
 * @param variant the way of using it
 * @param reason for the reader
 */
public record LeftOut(String implementation, String variant, String reason) {}
