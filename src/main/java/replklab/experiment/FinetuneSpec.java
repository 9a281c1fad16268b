package replklab.experiment;

import replklab.base.UsageException;
import replklab.data.DatasetSpec;
import replklab.train.TrainingConfig;

/**
 * The second stage of a run: the network that was trained to classify becomes the backbone of a decoder, and both are trained to
 * label every pixel.
 *
 * @param data images with a label for each pixel; null for those of the first stage
 * @param decoder what is put on the network
 * @param training schedule
 */
public record FinetuneSpec(DatasetSpec data, DecoderSpec decoder, TrainingConfig training) {
    public FinetuneSpec {
        if (decoder == null || training == null) {
            throw new UsageException("finetune needs a decoder and a training");
        }
    }
}
