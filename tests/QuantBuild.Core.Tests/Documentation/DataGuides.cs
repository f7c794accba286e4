using static QuantBuild.Core.Tests.Documentation.DiagnosticGuide;

namespace QuantBuild.Core.Tests.Documentation;

/// <summary>Codes about data files.</summary>
internal static class DataGuides
{
    private const string Data = "Data/calibration.npz";

    private static readonly string[] Files = ["CalibrationData", "ValidationData"];

    public static readonly DiagnosticGuide[] All =
    [
        new("QB4001", [Data, "its directory is missing; the file is cut off."], Files)
        {
            Background = "An `.npz` file is a ZIP archive of NumPy arrays. Arrays of Python objects (`dtype=object`) cannot be read, as they are programs and not numbers.",
            Steps = Python("""numpy.savez_compressed("calibration.npz", image=numpy.stack(images).astype(numpy.float32))"""),
        },
        new("QB4002", [Data, "image", "float32 [N,1,28,28]", "'images', 'labels'", " Is 'images' meant?"], Files)
        {
            Background = "`numpy.savez` calls arrays `arr_0`, `arr_1` … when it is given no names. A model with one input takes the only array of a "
                + "file without a name; a model with several inputs wants names.",
            Steps = Python("""
                numpy.savez_compressed("calibration.npz", image=images)         # not: savez_compressed("calibration.npz", images)
                numpy.savez_compressed("calibration.npz", **{"input.1": images}) # names that are not Python's
                """)
                + "\n\nAn input that always has one value needs no array: give the value in `FixedInputs`.",
        },
        new("QB4003", ["image", Data, "[300,28,28]", "[N,1,28,28]"], Files)
        {
            Steps = Python("""
                images = images[:, None, :, :]              # [300, 28, 28] to [300, 1, 28, 28]
                images = images.transpose(0, 3, 1, 2)       # channels last to channels first
                """),
        },
        new("QB4004", ["image", Data, "uint8", "float32"], Files)
        {
            Steps = Python("""images = images.astype(numpy.float32) / 255     # as the program does it before it calls the model"""),
        },
        new("QB4005", ["image", "NaN"], ["CalibrationData", "ExcludedNodes"])
        {
            Steps = Python("""
                good = numpy.isfinite(images).all(axis=(1, 2, 3))
                numpy.savez_compressed("calibration.npz", image=images[good], labels=labels[good])
                """),
        },
        new("QB4006", [Data, 30, 100], ["CalibrationData", "SampleLimit"])
        {
            Background = "With few samples, the largest value of a layer is a matter of luck: the next input exceeds it and is cut off.",
        },
        new("QB4007", [75, 300], ["ValidationData", "CalibrationData"])
        {
            Steps = Project($"""<QuantizeModel Include="Models/fashion.onnx" CalibrationData="{Data}" ValidationData="Data/validation.npz" />"""),
        },
        new("QB4008", [Data, "image", 300, "labels", 1000], Files)
        {
            Steps = Python("""numpy.savez_compressed("calibration.npz", image=images[:300], labels=labels[:300])"""),
        },
        new("QB4009", [Data, " to hold out for the accuracy check; it takes at least four"], Files)
        {
            Background = "A model that was exported with a fixed batch size runs on whole batches only.",
            Steps = "Export it with a free first axis, which also lets the program choose:\n\n"
                + Python("""torch.onnx.export(model, inputs, "fashion.onnx", dynamic_axes={"image": {0: "N"}, "logits": {0: "N"}})"""),
        },
        new("QB4010", [Data, "the label 10 is not below 10, the number of values of the model's first output"], ["Metric", .. Files])
        {
            Steps = Python("""
                labels = labels - labels.min()                  # classes that were counted from one
                labels = one_hot.argmax(axis=1)                 # one number per sample
                """),
        },
        new("QB4011", ["Models/pair.onnx", 16, "left", 1, "right"], ["FixedInputs"])
        {
            Steps = "An input that is the same for all samples, like a table or a rate, can be built into the model instead:\n\n"
                + Project("""<QuantizeModel Include="Models/voice.onnx" FixedInputs="sr=16000" />"""),
        },
        new("QB4012", ["image", "Data/validation.npz"], ["ValidationData", "CalibrationData"])
        {
            Steps = Python("""print(numpy.isnan(images).any(axis=(1, 2, 3)).nonzero())   # which samples"""),
        },
        new("QB4013", ["Data/samples.parquet", "it is a '.parquet' file", "an .npz file (numpy.savez); a folder of .wav files"], Files)
        {
            Steps = Python("""numpy.savez_compressed("samples.npz", **{name: numpy.stack(frame[name]) for name in ["input_ids", "attention_mask"]})"""),
        },
        new("QB4014", ["'cat/0012.npy'", "Data/samples", "its shape is [3,224,200], but the model's input 'image' is float32 [N,3,224,224]"], Files)
        {
            Background = "Samples may differ along the axes that the model leaves free, and along no others.",
        },
        new("QB4015", ["the sub-folder 'Cat' of 'Data/samples'", "Cat", "Data/classes.txt", "did you mean 'cat'?"], ["Labels", .. Files])
        {
            Background = "The class of a sample is the position of its name in the file that `Labels` names.",
        },
        new("QB4016", ["Data/classes.txt", "lines 3 and 17 both name 'crane'"], ["Labels"])
        {
            Steps = "```text\ncat\ndog\nhorse\n```\n\nThe first line is class 0. Empty lines at the end do not count.",
        },
        new("QB4017", ["Data/samples.bin", "image", "float32 [N,3,H,W]", "is not known; set DataShape to image=[3,H,W] with numbers for the free axes"], ["DataShape", .. Files])
        {
            Steps = Project("""<QuantizeModel Include="Models/photo.onnx" CalibrationData="Data/samples.bin" DataShape="image=[3,224,224]" />"""),
        },
        new("QB4018", ["Data/samples", "'cat/link.npy' is a link out of the folder"], Files)
        {
            Background = "What a model is made from is hashed by content, and a link out of the folder could lead to anything on the machine.",
        },
        new("QB4019", ["Data/speech", "two.wav", 44100, "one.wav", 16000], Files)
        {
            Steps = "```sh\nffmpeg -i two.wav -ar 16000 -ac 1 resampled/two.wav\n```",
        },
        new("QB4020", ["Models/words.onnx", "Resize, Mean", "its input 'ids' is int64 [N,S], and pictures are given as float32 or uint8"], ["Resize", "CenterCrop", "Mean", "Std", "Layout"])
        {
            Background = "Image settings on an item say that its model takes pictures. The same settings as properties of the project "
                + "(`QuantBuildResize`) hold only for models that do.",
        },
        new("QB4021", ["CenterCrop", "256x256", "Models/fashion.onnx", "float32 [N,3,224,224]", "pictures come to 256 x 256 pixels (width x height), and the model takes 224 x 224"],
            ["Resize", "CenterCrop", "PixelRange", "Mean", "Std", "ColorOrder"])
        {
            Background = "The last of `Resize` and `CenterCrop` decides the size of what goes into the model. `Mean` and `Std` are in the unit of "
                + "`PixelRange`: `0.485` with `0..1` is `123.675` with `0..255`.",
            Steps = Project("""<QuantizeModel Include="Models/resnet50.onnx" Resize="256" CenterCrop="224" Mean="0.485;0.456;0.406" Std="0.229;0.224;0.225" />"""),
        },
        new("QB4022", ["'shoe/0012.jpg'", "Data/pictures", "The model takes pictures of 28 × 28 pixels, but this one has 32 × 30."], ["CalibrationData", "Resize", "CenterCrop"])
        {
            Steps = Project("""<QuantizeModel Include="Models/fashion.onnx" CalibrationData="Data/pictures" Resize="28x28" />"""),
        },
    ];
}
