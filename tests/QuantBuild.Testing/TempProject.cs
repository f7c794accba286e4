using System.Security;

namespace QuantBuild.Testing;

/// <summary>
/// A console program as a user writes it, in a new folder outside of the repository, with the packed package. It uses the class of its first
/// model, so that it compiles only when that class is there.
/// </summary>
internal sealed class TempProject : IDisposable
{
    public const string Model = "Models/digits.onnx";

    public const string Data = "Data/digits.npz";

    private readonly TemporaryFolder folder = new();
    private readonly Dictionary<string, string> environment;
    private int builds;

    /// <param name="name">Of the project's folder; may be anything that a file system allows, and a path of several folders.</param>
    public TempProject(PackageSource source, string name = "App")
    {
        environment = new Dictionary<string, string>(source.Environment) { ["QuantBuildCacheDirectory"] = CacheDirectory };
        Directory = Path.Combine(folder.Path, name);
        System.IO.Directory.CreateDirectory(Directory);
        ProjectFile = File("App.csproj");
        source.WriteConfig(folder.File("nuget.config"));
        CopyModel(Model);
        Copy("digits.npz", Data);
        Write("Program.cs", "using App; using Digits model = Digits.Load(); System.Console.WriteLine(Digits.OpenModel().Length);");
        WriteProject();
    }

    /// <summary>When to give up on a command; null: the limit of tests.</summary>
    public TimeSpan? Limit { get; init; }

    public string Directory { get; }

    public string ProjectFile { get; private set; }

    /// <summary>Results of this project alone.</summary>
    public string CacheDirectory => folder.File("cache");

    /// <summary>What QuantBuild made.</summary>
    public string OutputDirectory => File("obj/Debug/net10.0/quantbuild");

    public string Assembly => File("bin/Debug/net10.0/App.dll");

    /// <summary>Variables that all commands get; an empty value removes one.</summary>
    public IReadOnlyDictionary<string, string> Environment => environment;

    public string File(string name) => Path.Combine(Directory, name);

    public string Output(string name) => Path.Combine(OutputDirectory, name);

    public void Write(string name, string content)
    {
        System.IO.Directory.CreateDirectory(Path.GetDirectoryName(File(name))!);
        System.IO.File.WriteAllText(File(name), content);
    }

    /// <summary>Puts the digits model where a project wants it.</summary>
    public void CopyModel(string name) => Copy("digits.onnx", name);

    /// <summary>Puts the data of the digits model where a project wants it.</summary>
    public void CopyData(string name) => Copy("digits.npz", name);

    /// <summary>Writes the project with one model and its data, or with what a test gives.</summary>
    /// <param name="items">Elements of an item group.</param>
    /// <param name="properties">Elements of a property group.</param>
    public void WriteProject(string items = $"<QuantizeModel Include=\"{Model}\" CalibrationData=\"{Data}\" />", string properties = "") => Write(Path.GetFileName(ProjectFile), $"""
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <OutputType>Exe</OutputType>
            <TargetFramework>net10.0</TargetFramework>
            <RootNamespace>App</RootNamespace>
          </PropertyGroup>
          <ItemGroup>
            <PackageReference Include="QuantBuild" Version="{PackageSource.Version}" PrivateAssets="all" />
            <PackageReference Include="Microsoft.ML.OnnxRuntime" Version="1.29.*" />
          </ItemGroup>
          <ItemGroup>
            {items}
          </ItemGroup>
          <PropertyGroup>
            {properties}
          </PropertyGroup>
        </Project>
        """);

    /// <summary>Makes it a project of another language.</summary>
    /// <param name="extension">Of its sources: <c>fs</c>, <c>vb</c>.</param>
    public void TranslateTo(string extension, string program)
    {
        string project = File($"App.{extension}proj");
        System.IO.File.Move(ProjectFile, project);
        System.IO.File.Delete(File("Program.cs"));
        ProjectFile = project;
        Write("Program." + extension, program);
    }

    /// <summary>Takes the reference to ONNX Runtime out of the project.</summary>
    public void RemoveRuntime() => System.IO.File.WriteAllText(ProjectFile, System.IO.File.ReadAllText(ProjectFile).Replace(
        """<PackageReference Include="Microsoft.ML.OnnxRuntime" Version="1.29.*" />""", "", StringComparison.Ordinal));

    /// <summary>Line of the project file, counted from one, that holds a text.</summary>
    public int LineOf(string text) => 1 + Array.FindIndex(System.IO.File.ReadAllLines(ProjectFile), line => line.Contains(text, StringComparison.Ordinal));

    /// <summary>Sets a variable for all commands; an empty value removes it.</summary>
    public TempProject With(string variable, string value)
    {
        environment[variable] = value;
        return this;
    }

    public DotNetRun Build(params string[] arguments) => DotNet(["build", .. arguments]);

    /// <summary>Runs a command of MSBuild in the project's folder, with a binary log. A switch that is given wins over one set here.
    /// </summary>
    public DotNetRun DotNet(params string[] arguments) => Logged(arguments[..1], arguments[1..]);

    /// <summary>Starts a build that tells its stages, and does not wait for its end.</summary>
    public RunningBuild StartBuild(params string[] arguments) => Started(["build"], arguments);

    /// <summary>The same without the command-line interface of .NET: see <see cref="MSBuild"/>.</summary>
    public RunningBuild StartMSBuild(string program, params string[] arguments) => Started(["exec", program], arguments);

    /// <summary>Runs MSBuild without the command-line interface of .NET, which sets variables of its own.</summary>
    /// <param name="program">Path of <c>MSBuild.dll</c>.</param>
    public DotNetRun MSBuild(string program, params string[] arguments) => Logged(["exec", program], arguments);

    /// <summary>Runs the program that was built.</summary>
    public DotNetRun RunProgram() => RunProgram(Assembly);

    /// <summary>Runs a program that was built for the installed runtime.</summary>
    public DotNetRun RunProgram(string assembly) => DotNetRun.Start(Directory, environment, ["exec", assembly]);

    /// <summary>Runs a program that needs no installed runtime.</summary>
    public DotNetRun RunNative(string program) => DotNetRun.Start(Directory, environment, [], program: program);

    /// <summary>Text as an attribute of a project file, with the characters that MSBuild gives a meaning to escaped.</summary>
    public static string Attribute(string text) =>
        SecurityElement.Escape(text.Replace("%", "%25").Replace("@", "%40").Replace(";", "%3b").Replace("$", "%24").Replace("'", "%27"));

    public void Dispose() => folder.Dispose();

    private DotNetRun Logged(string[] command, string[] arguments)
    {
        string log = NewBinaryLog();
        return DotNetRun.Start(Directory, environment, WithSwitches(command, log, arguments), Limit) with { BinaryLog = log };
    }

    private RunningBuild Started(string[] command, string[] arguments)
    {
        string log = NewBinaryLog();
        return new RunningBuild(this, WithSwitches(command, log, ["-v:n", .. arguments]), log);
    }

    private string NewBinaryLog() => Path.Combine(folder.Path, $"{Interlocked.Increment(ref builds)}.binlog");

    private static string[] WithSwitches(string[] command, string log, string[] arguments) =>
        [.. command, "-nologo", "-tl:off", "-nodeReuse:false", "-bl:" + log, .. arguments];

    private void Copy(string asset, string name)
    {
        System.IO.Directory.CreateDirectory(Path.GetDirectoryName(File(name))!);
        System.IO.File.WriteAllBytes(File(name), System.IO.File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Models", asset)));
    }
}
