package replklab.train;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import replklab.base.LabException;

/** A training's checkpoint and the one before it, which is read where the newer one is damaged. */
final class CheckpointFiles {
    private final Path folder;
    private final Consumer<String> notices;
    private boolean newestIsSound;
    private boolean told;

    /**
     * @param folder where they lie
     * @param notices hears what the user should know
     */
    CheckpointFiles(Path folder, Consumer<String> notices) {
        this.folder = folder;
        this.notices = notices;
    }

    /**
     * Restores the newest checkpoint that is sound, or nothing if there is none.
     *
     * @param wanted whether to go on from there
     * @throws LabException if it is of another training, or may not be read
     */
    Checkpoint.Position read(Checkpoint checkpoint, Predicate<Checkpoint.Position> wanted) {
        Path newest = folder.resolve(Trainer.CHECKPOINT);
        Path before = folder.resolve(Trainer.CHECKPOINT_BEFORE);
        if (!Files.exists(newest) && !Files.exists(before)) {
            return Checkpoint.Position.START;
        }
        String damage = "there is no " + newest;
        for (Path file : List.of(newest, before)) {
            try {
                if (Files.exists(file)) {
                    Checkpoint.Position position = checkpoint.read(file, wanted);
                    newestIsSound = file.equals(newest);
                    if (!newestIsSound) {
                        notices.accept(damage + "; the training goes on from the checkpoint before it, at step "
                                + position.step());
                    }
                    return position;
                }
            } catch (Checkpoint.Damaged e) {
                damage = file.equals(newest) ? e.getMessage() : damage + "; " + e.getMessage();
            }
        }
        notices.accept(damage + "; the training starts afresh");
        return Checkpoint.Position.START;
    }

    /**
     * Writes a checkpoint and keeps the one before. If that fails, as on a full disk, both stay as they are, which is told once: the
     * training can go on and try again.
     */
    void write(Checkpoint checkpoint, Checkpoint.Position position) {
        Path newest = folder.resolve(Trainer.CHECKPOINT);
        try {
            keepBefore(newest);
            checkpoint.write(newest, position);
            newestIsSound = true;
            told = false;
        } catch (LabException e) {
            if (!told) {
                told = true;
                notices.accept("the checkpoint of step " + position.step()
                        + " could not be saved, the earlier one stays: " + e.getMessage());
            }
        }
    }

    /** A second name for the file that is about to be replaced, so that it is there at every moment and takes no room. */
    private void keepBefore(Path newest) {
        Path before = folder.resolve(Trainer.CHECKPOINT_BEFORE);
        if (!newestIsSound || !Files.exists(newest)) {
            return; // what lies there is damaged: the one before is the better one
        }
        try {
            Files.deleteIfExists(before);
            try {
                Files.createLink(before, newest);
            } catch (IOException | UnsupportedOperationException noLinksHere) {
                Files.copy(
                        newest, before, StandardCopyOption.REPLACE_EXISTING); // a part of it is known by its checksum
            }
        } catch (IOException e) {
            // One generation is enough to go on; whether the disk takes anything at all shows in a moment.
            return;
        }
    }
}
