package replklab.plot;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOInvalidTreeException;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** PNG files that carry their provenance as text chunks, which image tools show and no viewer stumbles over. */
public final class PngFile {
    private static final String FORMAT = "javax_imageio_png_1.0";
    /** 96 dots an inch times {@link Picture#SCALE}, in dots a metre. */
    private static final int DOTS_PER_METRE = (int) Math.round(96 * Picture.SCALE / 0.0254);

    private PngFile() {}

    /**
     * The bytes of a PNG.
     *
     * @param picture drawn at {@link Picture#SCALE}
     * @param texts text by keyword; a keyword has at most 79 characters
     */
    public static byte[] bytes(BufferedImage picture, Map<String, String> texts) {
        BufferedImage image = Palette.reduced(picture);
        ImageWriter writer = ImageIO.getImageWritersByFormatName("png").next();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        // In memory: the other kind of stream wants a shutdown hook, which the JVM refuses once it stops.
        try (ImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
            ImageWriteParam smallest = writer.getDefaultWriteParam();
            smallest.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            smallest.setCompressionQuality(0); // of time, not of the picture
            IIOMetadata metadata = writer.getDefaultImageMetadata(new ImageTypeSpecifier(image), smallest);
            metadata.mergeTree(FORMAT, tree(texts));
            writer.setOutput(out);
            writer.write(null, new IIOImage(image, null, metadata), smallest);
        } catch (IIOInvalidTreeException e) {
            throw new IllegalArgumentException("these texts do not fit a PNG: " + texts, e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            writer.dispose();
        }
        return bytes.toByteArray();
    }

    private static IIOMetadataNode tree(Map<String, String> texts) {
        IIOMetadataNode size = new IIOMetadataNode("pHYs");
        size.setAttribute("pixelsPerUnitXAxis", Integer.toString(DOTS_PER_METRE));
        size.setAttribute("pixelsPerUnitYAxis", Integer.toString(DOTS_PER_METRE));
        size.setAttribute("unitSpecifier", "meter");
        IIOMetadataNode chunks = new IIOMetadataNode("tEXt");
        texts.forEach((keyword, value) -> {
            IIOMetadataNode entry = new IIOMetadataNode("tEXtEntry");
            entry.setAttribute("keyword", keyword);
            entry.setAttribute("value", value);
            chunks.appendChild(entry);
        });
        IIOMetadataNode root = new IIOMetadataNode(FORMAT);
        root.appendChild(size);
        root.appendChild(chunks);
        return root;
    }
}
