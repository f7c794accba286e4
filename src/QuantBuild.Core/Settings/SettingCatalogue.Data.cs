namespace QuantBuild.Settings;

internal static partial class SettingCatalogue
{
    // Data

    public static readonly SettingDescriptor CalibrationData = new(SettingGroup.Data, "CalibrationData", new FilePath(), "",
        "A file or folder with typical inputs, from which the range of every layer's values is measured. An `.npz` file (`numpy.savez`) holds "
        + "one array per input of the model, named like the input, its first axis counting samples, and an optional array `labels` "
        + "with the class of each sample. Arrays of other formats are matched by name too; the only array of a file without names is that of the "
        + "only input. Samples of a folder, of JSON Lines and of CSV may differ in shape where the model leaves axes free; they then run one by "
        + "one. In a folder with one file per sample, sub-folders name the classes, or a file `labels.csv` (columns `file` and `label`) does. "
        + "The order of a folder is that of the names, byte by byte. "
        + "A few hundred samples are enough. They have to be preprocessed exactly as the "
        + "program will do it. Padding that an input of zeros and ones takes out, such as an attention mask, does not count, when "
        + "changing it is seen to change no output.");

    public static readonly SettingDescriptor ValidationData = new(SettingGroup.Data, "ValidationData", new FilePath(), "",
        "A file or folder like `CalibrationData`, with other samples, on which the accuracy is measured. It must not be that of "
        + "`CalibrationData`.")
    { DefaultMeaning = "every fourth sample of `CalibrationData` is held out and used" };

    public static readonly SettingDescriptor SampleLimit = new(SettingGroup.Data, "SampleLimit", new Count(), "",
        "At most so many samples of `CalibrationData` are used: those from its start, or with `SampleSeed` some from all over it.")
    { DefaultMeaning = "all" };

    public static readonly SettingDescriptor SampleSeed = new(SettingGroup.Data, "SampleSeed", new Seed(), "",
        "With a number, `SampleLimit` takes samples from all over `CalibrationData`, and those that are held out for the accuracy come from all over "
        + "it too: what is taken follows from a hash of this number and the position of the sample. For a set that is sorted by class. "
        + "Samples are read in the order of the file all the same, and every machine takes the same ones.")
    { DefaultMeaning = "samples from the start, and every fourth of them held out" };

    public static readonly SettingDescriptor LabelName = new(SettingGroup.Data, "LabelName", new FreeName(), "labels",
        "Name of the array, column or key of the data that holds the class of each sample.");

    public static readonly SettingDescriptor DataShape = new(SettingGroup.Data, "DataShape", new NamedShapes(), "",
        "Shape of one sample by input, as `name=[lengths]` with semicolons between them: `image=[1,28,28]`. For files of bare numbers (`.bin`, `.raw`), "
        + "where the model leaves axes free.")
    { DefaultMeaning = "the shapes of the model's inputs" };

    public static readonly SettingDescriptor Resize = new(SettingGroup.Data, "Resize", new PixelSize(), "",
        "Size to which a picture is scaled before it goes into the model: `256` scales the shorter side to 256 pixels and keeps the aspect ratio, "
        + "`320x240` scales to width and height. Scaling smooths as Pillow does, and as torchvision does with pictures of Pillow: the same bytes. "
        + ImageUse)
    { DefaultMeaning = "pictures keep their size" };

    public static readonly SettingDescriptor CenterCrop = new(SettingGroup.Data, "CenterCrop", new PixelSize(), "",
        "Size of the centre that is cut out of a picture after `Resize`: `224` for 224 x 224 pixels, or `320x240`. A smaller picture is padded with "
        + "zeros, as torchvision does it. " + ImageUse)
    { DefaultMeaning = "nothing is cut off" };

    public static readonly SettingDescriptor Interpolation = new(SettingGroup.Data, "Interpolation",
        new Choice(["Bilinear", "Bicubic", "Nearest"], []), "Bilinear",
        "How `Resize` finds the pixels between pixels. " + ImageUse);

    public static readonly SettingDescriptor PixelRange = new(SettingGroup.Data, "PixelRange",
        new Choice(["Auto", "0..1", "0..255", "-1..1"], []), "Auto",
        "What the values 0 to 255 of a picture become before `Mean` and `Std`. `Auto` is `0..1` for a model that takes float32 and `0..255` for "
        + "one that takes uint8. " + ImageUse);

    public static readonly SettingDescriptor Mean = new(SettingGroup.Data, "Mean", new NumberList(ArePositive: false), "",
        "What is subtracted from every value of a picture, in the unit of `PixelRange`: one number, or one per channel in the order of `ColorOrder`, "
        + "with semicolons between them: `0.485;0.456;0.406`. " + ImageUse)
    { DefaultMeaning = "0" };

    public static readonly SettingDescriptor Std = new(SettingGroup.Data, "Std", new NumberList(ArePositive: true), "",
        "What every value of a picture is divided by after `Mean`, in the unit of `PixelRange`: one number, or one per channel: `0.229;0.224;0.225`. "
        + ImageUse)
    { DefaultMeaning = "1" };

    public static readonly SettingDescriptor Layout = new(SettingGroup.Data, "Layout", new Choice(["Auto", "NCHW", "NHWC"], []), "Auto",
        "Whether the channels of a picture come before its height and width in the model's input (`NCHW`) or after them (`NHWC`). `Auto` takes the axis of "
        + "the input whose size is 1 or 3. " + ImageUse);

    public static readonly SettingDescriptor ColorOrder = new(SettingGroup.Data, "ColorOrder", new Choice(["RGB", "BGR"], []), "RGB",
        "Order of the colour channels in the model's input. A model with one channel gets grey, by the weights of Pillow. " + ImageUse);

    public static readonly SettingDescriptor DataProvider = new(SettingGroup.Data, "DataProvider", new ProviderName(), "",
        "A class of yours that gives the samples, as the path of its assembly, a semicolon and its name: `../Samples/bin/$(Configuration)/net10.0/Samples.dll;"
        + "MyApp.Samples`. It is public, has a public constructor without parameters and a public method "
        + "`IEnumerable<IReadOnlyDictionary<string, Array>> GetSamples(string path)`, which may take a `CancellationToken` as well; it refers to nothing of "
        + "QuantBuild. The method is called with the absolute path of `CalibrationData` and, where it is set, with that of `ValidationData`; it gets an empty "
        + "text for `CalibrationData` that is not set. A sample has an array for each input of the model, and one named `labels` where the class is known: "
        + "with the axes of one sample, or flat where the input says what they are. Samples are enumerated several times and must be the same each time; "
        + "`SampleLimit` or 100,000 samples end an enumeration without end. The class runs only when a model has to be quantized: when its assembly, an "
        + "assembly beside it that it needs, or the data has changed. Its console output goes to the build's log.")
    { DefaultMeaning = "samples are read from the files that `CalibrationData` and `ValidationData` name" };

    public static readonly SettingDescriptor Labels = new(SettingGroup.Data, "Labels", new FilePath(), "",
        "Text file in UTF-8 with the names of the classes, one a line, in the order of their numbers. Labels of the data may then be names, "
        + "and sub-folders of a folder of samples stand for the numbers of their names. The model needs an output of float32 with one score per class, "
        + "of the shape `[classes]` or `[batch,classes]`; the first counts. The class in C# gets the names as `Labels`, and its outputs get `Top(k)` and "
        + "`TopProbabilities(k)`: the classes with the highest scores, or with the highest softmax of them, for a batch `Top(k, sample)`.")
    { DefaultMeaning = "classes have numbers only; those of sub-folders follow from the order of their names" };

    public static readonly SettingDescriptor Slice = new(SettingGroup.Data, "Slice", new GivenName(), "",
        "Array of the data that holds the slice of every sample, one number or text each: a language, a camera, a customer. The accuracy is "
        + "measured for every slice too, and `MaxAccuracyDrop` holds for each: a slice of 100 samples and more fails the gate by its drop, a smaller one "
        + "when the whole 95 % interval of its drop is above the limit, and otherwise there is a warning. At most 100 slices.");

    public static readonly SettingDescriptor SliceFile = new(SettingGroup.Data, "SliceFile", new FilePath(), "",
        "A text file in place of `Slice`: one line per sample of the data on which the accuracy is measured, `ValidationData` or else `CalibrationData`, "
        + "with the name of its slice.");

    private const string ImageUse = "It holds for pictures of `CalibrationData` and `ValidationData`, and for the method `Run` of the generated C# class that takes "
        + "pixels (classes in F# and Visual Basic have none). A property holds for the models of the project that have one input, a picture.";
}
