package replklab.notebook;

import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import org.dflib.jjava.jupyter.channels.JupyterConnection;
import org.dflib.jjava.jupyter.channels.JupyterSocket;
import org.dflib.jjava.jupyter.channels.ShellChannel;
import org.dflib.jjava.jupyter.channels.ShellHandler;
import org.dflib.jjava.jupyter.channels.ShellReplyEnvironment;
import org.dflib.jjava.jupyter.channels.StdinChannel;
import org.dflib.jjava.jupyter.kernel.KernelConnectionProperties;
import org.dflib.jjava.jupyter.kernel.display.DisplayData;
import org.dflib.jjava.jupyter.messages.Header;
import org.dflib.jjava.jupyter.messages.Message;
import org.dflib.jjava.jupyter.messages.MessageContext;
import org.dflib.jjava.jupyter.messages.MessageType;
import org.dflib.jjava.jupyter.messages.publish.PublishError;
import org.dflib.jjava.jupyter.messages.publish.PublishExecuteInput;
import org.dflib.jjava.jupyter.messages.publish.PublishStatus;
import org.dflib.jjava.jupyter.messages.reply.InspectReply;
import org.dflib.jjava.jupyter.messages.reply.InterruptReply;
import org.dflib.jjava.jupyter.messages.request.InspectRequest;

/** What a notebook asks of its kernel: interrupts and inspections are answered here, cells are JJava's with something before and after. */
final class CellConnection extends JupyterConnection {
    private final CellControl cells;
    private final Inspection inspection;
    private final CellLines lines;

    CellConnection(KernelConnectionProperties properties, CellControl cells, Inspection inspection, CellLines lines)
            throws NoSuchAlgorithmException, InvalidKeyException {
        super(properties);
        this.cells = cells;
        this.inspection = inspection;
        this.lines = lines;
    }

    @Override
    public <T> void setHandler(MessageType<T> type, ShellHandler<T> handler) {
        ShellHandler<T> ours = handler;
        if (type.equals(MessageType.EXECUTE_REQUEST)) {
            ours = (environment, message) -> execute(handler, environment, message);
        } else if (type.equals(MessageType.INSPECT_REQUEST)) {
            ours = (environment, message) -> inspect(environment, (InspectRequest) message.getContent());
        } else if (type.equals(MessageType.INTERRUPT_REQUEST)) {
            ours = (environment, message) -> interrupt(environment);
        } else if (type.equals(MessageType.KERNEL_INFO_REQUEST)) {
            ours = answered(handler);
        }
        super.setHandler(type, ours);
    }

    @Override
    public ShellReplyEnvironment prepareReplyEnv(ShellChannel channel, MessageContext context) {
        return new Environment(channel, stdin, iopub, context);
    }

    /**
     * Whoever connects asks this first. JupyterLab counts no status that belongs to such a question, and would show the kernel's as unknown
     * until the first cell was run; so it is told once more, as belonging to nothing.
     */
    private <T> ShellHandler<T> answered(ShellHandler<T> handler) {
        return (environment, message) -> {
            handler.handle(environment, message);
            environment.defer(() -> iopub.sendMessage(new Message<>(
                    new Header<>(PublishStatus.MESSAGE_TYPE),
                    cells.isInCell() ? PublishStatus.BUSY : PublishStatus.IDLE)));
        };
    }

    private <T> void execute(ShellHandler<T> handler, ShellReplyEnvironment environment, Message<T> message) {
        cells.begin();
        handler.handle(environment, message);
        cells.end(environment instanceof Environment seen && seen.failed);
    }

    private void inspect(ShellReplyEnvironment environment, InspectRequest request) {
        environment.setBusyDeferIdle();
        DisplayData found = inspection.at(request.getCode(), request.getCursorPos());
        environment.reply(new InspectReply(found != null, DisplayData.emptyIfNull(found)));
    }

    private void interrupt(ShellReplyEnvironment environment) {
        environment.setBusyDeferIdle();
        environment.defer().reply(new InterruptReply());
        cells.interrupt();
    }

    /** Sees a cell begin and whether it failed, and names the cells in what it says then. */
    private final class Environment extends ShellReplyEnvironment {
        private boolean failed;

        Environment(ShellChannel shell, StdinChannel stdin, JupyterSocket iopub, MessageContext context) {
            super(shell, stdin, iopub, context);
        }

        @Override
        public void publish(Message<?> message) {
            if (message.getContent() instanceof PublishExecuteInput cell) {
                lines.begin(cell.getCount(), cell.getCode());
            }
            if (message.getContent() instanceof PublishError error) {
                failed = true;
                super.publish(readable(error));
            } else {
                super.publish(message);
            }
        }

        private Message<PublishError> readable(PublishError error) {
            return new Message<>(
                    getContext(),
                    PublishError.MESSAGE_TYPE,
                    new PublishError(
                            error.getErrorName(), error.getErrorMessage(), lines.readable(error.getStacktrace())));
        }
    }
}
