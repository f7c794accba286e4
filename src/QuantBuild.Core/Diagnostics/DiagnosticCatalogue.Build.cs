using static QuantBuild.Diagnostics.DiagnosticSeverity;

namespace QuantBuild.Diagnostics;

/// <summary>The codes about what is made of a model: precision, accuracy, generated code, and the machine that builds.</summary>
internal static partial class DiagnosticCatalogue
{
    // 5: placement and precision

    public static readonly DiagnosticDescriptor NothingToQuantize = new("QB5001", Warning,
        "Nothing to quantize",
        "No node of '{0}' can run in integers: {1}.{2}",
        "The model has no operator that ONNX Runtime runs with 8-bit integers, or all of them are excluded.",
        "See the report for the reason of each node. Set Scheme=WeightOnly where the model is only to be smaller, which it is here too.");

    public static readonly DiagnosticDescriptor UnknownNode = new("QB5002", Error,
        "Excluded node does not exist",
        "'{0}' has no {1} '{2}'.{3} The report of a build without it, NAME.report.json in the obj folder, lists the names of all nodes.",
        "ExcludedNodes or ExcludedOperators names something that the model does not contain, so that it would have no effect.",
        "Use a name from the report; names are case-sensitive.");

    public static readonly DiagnosticDescriptor ComputesNaN = new("QB5003", Warning,
        "Model computes NaN",
        "From the calibration data the model itself computes NaN in '{0}'{1}. The nodes that would read or give it in integers stay float.",
        "A division by zero, a logarithm of a negative number or a row that is masked as a whole: the float model gives NaN for such a sample too.",
        "See that the data is preprocessed as the model expects it; the report names the nodes that stay float.");

    public static readonly DiagnosticDescriptor SearchStopped = new("QB5004", Warning,
        "The search ran out of time",
        "The search for '{0}' was stopped after {1} of {2} candidates, because this machine needs more than three times the TimeBudget of {3} for them. The best candidate so far is taken, which on a faster machine may be another.",
        "TimeBudget becomes a number of candidates by a table of costs that ships, so that every machine tries the same ones; this machine is much slower than the table.",
        "Set TimeBudget to what the machine needs, or commit the lock file: builds that follow it search nothing.");

    public static readonly DiagnosticDescriptor KernelsTimed = new("QB5005", Warning,
        "Kernels were timed on the machine that builds",
        "What runs in integers in '{0}' was decided by timing kernels on this machine ({1}={2}). Another machine, or this one when it is busy, may choose otherwise.",
        "With TargetProfile=Machine, the first build times kernels. No two machines measure the same.",
        "Commit the lock file: builds that follow it take the figures from there, and time nothing. Or name the processor that the model is for by another TargetProfile.");

    // 6: rewriting

    public static readonly DiagnosticDescriptor NotFused = new("QB6001", Warning,
        "Planned integer kernel was not used",
        "The node '{0}' ({1}) was quantized, but {2} does not run it with {3}. Excluding it (ExcludedNodes) would be faster.",
        "The runtime did not fuse the quantized pattern, so that the node runs in float between conversions.",
        "Add the node to ExcludedNodes, and report it with the model if you can share it.");

    public static readonly DiagnosticDescriptor RewrittenModelDoesNotRun = new("QB6002", Error,
        "The runtime refuses the quantized model",
        "ONNX Runtime does not run the quantized form of '{0}': {1}. This is a defect of QuantBuild; please report it.",
        "The quantized model is not valid for the runtime.",
        "Report it with the model, if you can share it; ExcludedNodes may get around it.");

    public static readonly DiagnosticDescriptor TooLargeToEmbed = new("QB6003", Error,
        "Quantized model too large to embed",
        "The quantized form of '{0}' has {1} bytes; a resource and an ONNX file can hold {2}. Set Embed=false: the model is then copied beside the program, with its weights in a file of their own.",
        "A resource of an assembly and a file of one part end at 2 GB.",
        "Set Embed=false on the item.");

    // 7: accuracy

    public static readonly DiagnosticDescriptor AccuracyDropExceeded = new("QB7001", Error,
        "Accuracy drop exceeds the limit",
        "'{0}': {1} {7} from {2} to {3}, a {8} of {4}; MaxAccuracyDrop allows {5}. {6}",
        "The quantized model is worse on the validation samples than the limit allows.",
        "Check that the calibration data is typical of the validation data; exclude the nodes that the message names (ExcludedNodes); or raise MaxAccuracyDrop.");

    public static readonly DiagnosticDescriptor AccuracyBelowMinimum = new("QB7002", Error,
        "Accuracy below the minimum",
        "'{0}': {1} of the quantized model is {3} (float: {2}, drop {4}); MinAccuracy demands {5}. {6}",
        "The quantized model does not reach the demanded accuracy on the validation samples.",
        "See whether the float model reaches it; exclude the nodes that the message names (ExcludedNodes); or lower MinAccuracy.");

    public static readonly DiagnosticDescriptor GateUndecided = new("QB7003", Warning,
        "Too few samples to be sure of the limit",
        "'{0}': the drop of {1} is within MaxAccuracyDrop={2}, but its 95 % interval reaches {3} on {4} samples. More validation samples would tell.",
        "The confidence interval of the accuracy drop crosses the limit.",
        "Use more validation samples.");

    public static readonly DiagnosticDescriptor NothingToCompare = new("QB7004", Error,
        "No output to compare",
        "The accuracy of '{0}' cannot be measured: none of its outputs is a float32 tensor ({1}). Set Gate=Off to build it without a check.",
        "The outputs of the float and of the quantized model are compared as float32 tensors; the model gives classes, text or maps only.",
        "Export the model with its scores as an output, or set Gate=Off.");

    public static readonly DiagnosticDescriptor GrossLoss = new("QB7005", Warning,
        "Much accuracy lost, and no limit set",
        "'{0}': {1} {5} from {2} to {3}, and no limit is set. {4} Set MaxAccuracyDrop, so that a build with such a loss fails.",
        "Quantization cost far more than it usually does, and without MaxAccuracyDrop or MinAccuracy the build accepts any loss.",
        "Check that the calibration data is what the program will see; exclude the nodes that the message names; set MaxAccuracyDrop.");

    public static readonly DiagnosticDescriptor NoBetterThanChance = new("QB7006", Warning,
        "Labels that the float model does not know",
        "'{0}': the float model is right on {1} of the {2} samples, no more than by chance ({3} classes), so that its accuracy says nothing about quantization. Check that 'labels' belongs to these samples and counts classes from zero.",
        "The labels are of other samples, in another order, or numbered otherwise than the model's outputs; or the samples are preprocessed otherwise than the model was trained.",
        "Correct the labels or the preprocessing, or remove the labels: outputs are then compared by cosine similarity.");

    public static readonly DiagnosticDescriptor SliceDropExceeded = new("QB7007", Error,
        "Accuracy drop of a slice exceeds the limit",
        "'{0}': {1} drops by more than MaxAccuracyDrop allows ({3}) in {2} of the slices: {4}. See the report for all slices.",
        "All samples together may be within the limit while the quantized model is much worse on a part of them.",
        "Add samples of these slices to the calibration data, so that the ranges cover them; exclude nodes (ExcludedNodes); or raise MaxAccuracyDrop.");

    public static readonly DiagnosticDescriptor SliceUndecided = new("QB7008", Warning,
        "A slice has too few samples to be sure of the limit",
        "'{0}': {1} drops by more than MaxAccuracyDrop allows ({3}) in {2} of the slices, which have too few samples to be sure: {4}.",
        "The slice has fewer than 100 samples, and the confidence interval of its drop reaches below the limit.",
        "Use more validation samples of these slices.");

    public static readonly DiagnosticDescriptor ErrorAboveMaximum = new("QB7009", Error,
        "Error above the maximum",
        "'{0}': {1} {7} from {2} to {3} with quantization, a {8} of {4}; MaxError allows {5}. {6}",
        "The quantized model makes larger errors on the validation samples than is allowed.",
        "See whether the float model does better; exclude the nodes that the message names (ExcludedNodes); or raise MaxError.");

    public static readonly DiagnosticDescriptor ModelTooLarge = new("QB7010", Error,
        "Model larger than the limit",
        "The quantized form of '{0}' has {1} bytes; MaxModelSize allows {2}. Scheme=Auto searches a smaller form; WeightType=Int4 and fewer bits make it smaller.",
        "The file that would ship is larger than the limit.",
        "Leave Scheme at Auto with a TimeBudget, so that a smaller form is searched; set WeightType to fewer bits; allow a larger MaxAccuracyDrop; or raise MaxModelSize.");

    public static readonly DiagnosticDescriptor ModelTooSlow = new("QB7011", Error,
        "Model slower than the limit",
        "A run of the quantized form of '{0}' is estimated to take {1} of the float model's time; MaxSlowdown allows {2}. Objective=Latency looks for a faster form.",
        "By the measurements that ship for the target profile, the quantized model is slower than the limit allows.",
        "Set Objective=Latency, leave Scheme at Auto, or raise MaxSlowdown.");

    // 8: generation

    public static readonly DiagnosticDescriptor InvalidClassName = new("QB8001", Error,
        "Not a valid name of a class or namespace",
        "'{0}' is not a valid {1} of a class.",
        "ClassName and Namespace become part of the generated source.",
        "Use letters, digits and underscores, with a letter first; a namespace may contain dots.");

    public static readonly DiagnosticDescriptor UnsupportedLanguage = new("QB8002", Warning,
        "No class for this language",
        "The project's language is {0}; classes are generated for C#, F# and Visual Basic. The quantized model is embedded as the resource '{1}'.",
        "The generated class is source code of the project's language.",
        "Load the resource with ONNX Runtime, or put the model into a project of one of these languages.");

    public static readonly DiagnosticDescriptor ReservedClassName = new("QB8003", Error,
        "Name of the class is taken",
        "The class for '{1}' cannot be called {0}, because that is the name of one of its members or of a namespace that it needs. Set ClassName to another name.",
        "C# allows no member with the name of its class, and a class outside of every namespace hides a namespace of its name.",
        "Set ClassName on the item, or rename the model, from whose file name the class name follows.");

    public static readonly DiagnosticDescriptor RuntimeNotReferenced = new("QB8004", Warning,
        "No reference to ONNX Runtime",
        "The project does not reference ONNX Runtime, so the generated classes have constants and OpenModel but no Load and Run. Add <PackageReference Include=\"Microsoft.ML.OnnxRuntime\" Version=\"1.29.*\" />.",
        "What runs a model calls ONNX Runtime; QuantBuild does not bring it, so that the project chooses its version.",
        "Reference the package Microsoft.ML.OnnxRuntime, or set NoWarn to QB8004 in a project that only carries the model.");

    public static readonly DiagnosticDescriptor NoOutputForLabels = new("QB8005", Warning,
        "No output for the names of the classes",
        "The class has no Top(k): Labels names {0} classes, but '{1}' has no output of float32 with one score for each, of the shape [{0}] or [batch,{0}]. Its outputs are: {2}.",
        "The file has a name too many or too few, or the model is no classifier. The names still stand for the numbers of classes in the data.",
        "Give every class one line, in the order of the model's scores. For a model that is no classifier, set NoWarn to QB8005 where Labels names classes of the data, and take Labels off where it does not.");

    public static readonly DiagnosticDescriptor LongLabels = new("QB8006", Error,
        "Names of the classes are too long",
        "The names in the file of Labels have {0} characters together; an assembly can hold {1}.",
        "The generated class has the names as string literals, of which an assembly takes 16 MB.",
        "Shorten the names, to identifiers for example, and look up the long ones in a file of the program's own.");

    public static readonly DiagnosticDescriptor NoDecoder = new("QB8007", Error,
        "No decoder for the compressed model",
        "'{0}' cannot be embedded with Compression=Brotli in a project for {1}, which has no decoder for it. Target .NET or .NET Standard 2.1, or set Compression=None.",
        "The class decompresses the model with System.IO.Compression.BrotliStream, which .NET Framework and .NET Standard 2.0 do not have.",
        "Set Compression=None for such a target framework, or target a newer one.");

    // 9: environment

    public static readonly DiagnosticDescriptor InternalError = new("QB9001", Error,
        "Internal error",
        "QuantBuild failed: {0}. This is a defect of QuantBuild; please report it with the log '{1}'.",
        "Something happened that QuantBuild does not expect.",
        "Report it with the log.");

    public static readonly DiagnosticDescriptor WorkerFailed = new("QB9002", Error,
        "The worker process ended without a result",
        "The quantization process ended without a result: {0}",
        "The process was killed, for instance for want of memory, or crashed.",
        "Build again; if it was killed for want of memory, give the machine more of it or run fewer builds at once.");

    public static readonly DiagnosticDescriptor HostNotFound = new("QB9003", Error,
        "No .NET host",
        "The quantization process needs the .NET 10 runtime or newer, and could not be started: {0}",
        "No dotnet host was found, or only an older runtime.",
        "Install the .NET 10 SDK or runtime, or set DOTNET_HOST_PATH to its dotnet.");

    public static readonly DiagnosticDescriptor OutputNotWritable = new("QB9004", Error,
        "Output cannot be written",
        "'{0}' cannot be written: {1}",
        "The disk is full, the folder is read-only, or another program holds the file.",
        "Free the disk or correct the rights of the folder.");

    public static readonly DiagnosticDescriptor RuntimeNotLoadable = new("QB9005", Error,
        "ONNX Runtime cannot be loaded",
        "ONNX Runtime cannot be loaded: {0}",
        "The native library of ONNX Runtime is missing for this operating system or processor.",
        "Build on a platform that ONNX Runtime supports.");

    public static readonly DiagnosticDescriptor RuntimeTooOld = new("QB9006", Error,
        "ONNX Runtime is too old",
        "The project references ONNX Runtime {0}, and QuantBuild needs {1} or newer. Raise the version of the package Microsoft.ML.OnnxRuntime.",
        "The model is measured in the runtime that the program will have. The native library of the project's packages is older than what QuantBuild can talk to, and may be older than the operators of the model.",
        "Raise the version of the package Microsoft.ML.OnnxRuntime.");

    public static readonly DiagnosticDescriptor LockDiffers = new("QB9007", Error,
        "Not what the lock file records",
        "'{0}': this build makes something else than '{1}' records: {2}. Build with -p:QuantBuildLockedMode=false to record what is made now, and commit the file.",
        "The model, its data, a setting, QuantBuild or ONNX Runtime changed, and the lock file was not written since; in locked mode that is an error.",
        "Look at what differs. When it is wanted, build once with -p:QuantBuildLockedMode=false and commit the lock file.");

    public static readonly DiagnosticDescriptor LockNotReplayable = new("QB9008", Error,
        "The choices of the lock file do not fit",
        "'{0}': the lock file was written for another class of processors, and its choices do not fit the model: '{1}'. Build with -p:QuantBuildLockedMode=false to choose anew.",
        "The choices are repeated as the lock file has them when the processor is of another class. It was written by hand, or by another version of QuantBuild.",
        "Build once with -p:QuantBuildLockedMode=false and commit the lock file.");

    public static readonly DiagnosticDescriptor LockReplayed = new("QB9009", DiagnosticSeverity.Message,
        "Choices taken from the lock file",
        "'{0}': the lock file was written on a processor of the class {1}, and this one is of the class {2}. Choices and ranges are taken from it; the gate is checked, the bytes are not compared.",
        "The kernels of ONNX Runtime differ between classes of processors in the last bits of their results.",
        "Nothing has to be done.");

    public static readonly DiagnosticDescriptor LockFileMissing = new("QB9010", Error,
        "No lock file",
        "QuantBuildLockedMode is true, and there is no lock file '{0}'. Build once with -p:QuantBuildLockedMode=false and commit the file.",
        "A build in locked mode compares with the lock file.",
        "Build once with -p:QuantBuildLockedMode=false and commit the file, or leave QuantBuildLockedMode unset.");

    public static readonly DiagnosticDescriptor LockFileUnreadable = new("QB9011", Error,
        "Lock file cannot be read",
        "The lock file '{0}' cannot be read: {1}. Take it back from source control, or build with -p:QuantBuildLockedMode=false to write it anew.",
        "The file was edited, merged with conflicts, or written by a later version of QuantBuild.",
        "Restore the file, or build once with -p:QuantBuildLockedMode=false, which writes it anew.");

    public static readonly DiagnosticDescriptor LockFileNotWritten = new("QB9012", Warning,
        "Lock file cannot be written",
        "The lock file '{0}' cannot be written: {1} The build goes on without. Set QuantBuildLockFile to a path that can be written, or to false.",
        "The folder of the project is read-only, or another program holds the file.",
        "Set QuantBuildLockFile to another path, or to false for builds from sources that must not be written to.");
}
