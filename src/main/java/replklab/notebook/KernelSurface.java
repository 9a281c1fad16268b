package replklab.notebook;

import java.util.UUID;
import org.dflib.jjava.jupyter.kernel.BaseKernel;
import org.dflib.jjava.jupyter.kernel.display.DisplayData;

/** A notebook's cell: the content is drawn in place, and the notebook keeps only the last state. */
record KernelSurface(BaseKernel kernel) implements DisplaySurface {
    @Override
    public String show(Object content, String text) {
        String id = UUID.randomUUID().toString();
        DisplayData data = kernel.getRenderer().render(content);
        data.putTransientData("display_id", id);
        kernel.display(data);
        return id;
    }

    @Override
    public void replace(String id, Object content, String text) {
        kernel.getIO().display.updateDisplay(id, kernel.getRenderer().render(content));
    }
}
