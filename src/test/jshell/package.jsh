// What ./lab test runs in an archive, unpacked: a network that the archive's Java compiles, the native libraries, the commit.
class Net extends Layer {
    final Layer stem = child("stem", new PatchConvolution(1, 16, 2, new SplittableRandom(1)));
    final Layer large = child("large", new LargeKernel(16, 13, 5, new SplittableRandom(2)));
    final Layer head = child("head", new Linear(16, 10, new SplittableRandom(3)));

    public Tensor forward(Tensor x) { return head.forward(large.forward(stem.forward(x)).globalAveragePool()); }
}
TrainTest data = Datasets.open(DatasetSpec.fashionMnist().withExamples(64, 16), 0);
Net net = new Net();
try (Tape tape = Tape.training(0)) {
    net.forward(Tensor.normal(new SplittableRandom(4), 1, 8, 28, 28, 1)).sum().backward();
}
INDArray array = Nd4j.rand(DataType.FLOAT, 3, 3);
Tensor photo = Tensor.normal(new SplittableRandom(5), 1, 1, 28, 28, 1);
Path file = Files.createTempFile("replklab-", ".onnx");
OnnxModel.of(net.train(false), Shape.of(1, 28, 28, 1), "logits").write(file);
try (OnnxSession session = OnnxSession.open(file); Tape tape = Tape.inference()) {
    if (OnnxCheck.of(net.forward(photo), session.run(photo, "logits")).error() > 1e-5) throw new LabException("ONNX Runtime differs");
}
Files.delete(file);
if (ContactSheet.draw(data.test(), 4, 2, 64) == null) throw new LabException("no picture");
System.out.println("packed " + GitState.of(LabHome.root()).commit());
