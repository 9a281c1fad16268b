package replklab.notebook;

import java.awt.image.BufferedImage;
import java.util.Base64;
import java.util.Map;
import org.dflib.jjava.jupyter.Extension;
import org.dflib.jjava.jupyter.kernel.BaseKernel;
import org.dflib.jjava.jupyter.kernel.display.RenderContext;
import org.dflib.jjava.jupyter.kernel.display.RenderFunction;
import org.dflib.jjava.jupyter.kernel.display.mime.MIMEType;
import org.knowm.xchart.internal.chartpart.Chart;
import replklab.plot.Picture;
import replklab.plot.PngFile;
import tech.tablesaw.api.Table;

/**
 * What a notebook gets beyond JJava: tables and charts that show themselves, live displays, and the
 * imports of {@link StartupScript}. The kernel finds this class as a service.
 */
public final class NotebookExtension implements Extension {
    @Override
    public void install(BaseKernel kernel) {
        kernel.getRenderer()
                .createRegistration(Table.class)
                .preferring(MIMEType.TEXT_HTML)
                .register(answering(NotebookExtension::render));
        kernel.getRenderer()
                .createRegistration(Chart.class)
                .preferring(MIMEType.IMAGE_PNG)
                .register(answering(NotebookExtension::render));
        kernel.getRenderer()
                .createRegistration(BufferedImage.class)
                .preferring(MIMEType.IMAGE_PNG)
                .register(answering(NotebookExtension::render));
        kernel.getRenderer()
                .createRegistration(Picture.class)
                .preferring(MIMEType.IMAGE_PNG)
                .register(answering(NotebookExtension::render));
        LiveDisplay.showIn(new KernelSurface(kernel));
        LibrarySources.show();
        kernel.evalRaw(StartupScript.text());
    }

    @Override
    public void uninstall(BaseKernel kernel) {
        LiveDisplay.showIn(new TextSurface(System.out));
    }

    /** JJava never answers a cell whose value throws while it is shown, and no cell after it: this one tells why. */
    static <T> RenderFunction<T> answering(RenderFunction<T> renderer) {
        return (value, context) -> {
            try {
                renderer.render(value, context);
            } catch (RuntimeException e) {
                context.getOutputContainer()
                        .putText("this %s cannot be shown: %s"
                                .formatted(value.getClass().getSimpleName(), e.getMessage()));
            }
        };
    }

    private static void render(Table table, RenderContext context) {
        context.renderIfRequested(MIMEType.TEXT_HTML, () -> TableHtml.of(table));
        context.renderIfRequested(
                MIMEType.TEXT_PLAIN, () -> SignificantDigits.in(table).print(TableHtml.MAX_ROWS));
    }

    private static void render(Picture picture, RenderContext context) {
        context.renderIfRequested(MIMEType.IMAGE_PNG, (type, output) -> {
            BufferedImage image = picture.image();
            output.putData(type, Base64.getEncoder().encodeToString(PngFile.bytes(image, Map.of())));
            output.putMetaData(
                    type,
                    Map.of(
                            "width", image.getWidth() / Picture.SCALE,
                            "height", image.getHeight() / Picture.SCALE));
        });
        context.getOutputContainer().putText(picture.title());
    }

    /** In place of the kernel's own rendering: smaller files. */
    private static void render(BufferedImage image, RenderContext context) {
        context.renderIfRequested(
                MIMEType.IMAGE_PNG, () -> Base64.getEncoder().encodeToString(PngFile.bytes(image, Map.of())));
        context.getOutputContainer()
                .putText("picture of %d x %d pixels".formatted(image.getWidth(), image.getHeight()));
    }

    private static void render(Chart<?, ?> chart, RenderContext context) {
        context.renderIfRequested(MIMEType.IMAGE_PNG, (type, output) -> {
            output.putData(type, ChartImage.base64(chart));
            output.putMetaData(type, ChartImage.displaySize(chart));
        });
        // Without this line the notebook would hold the object's identity, another one each time it is executed.
        context.getOutputContainer().putText(ChartImage.describe(chart));
    }
}
