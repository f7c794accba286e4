using System.Diagnostics;
using System.Globalization;
using System.Reflection;

namespace QuantBuild.Testing;

/// <summary>Runs test classes again in a process whose vectors are restricted. The runtime decides about vectors once, at its start, so
/// another process is the only way.</summary>
internal static class RunWithHardwareDisabled
{
    private const int TimeoutMilliseconds = 60_000;

    /// <summary>Runs every test method without parameters of the classes.</summary>
    /// <returns>How many were run.</returns>
    /// <exception cref="InvalidOperationException">A test failed; the message is the output of the process.</exception>
    public static int Run(VectorWidth width, params Type[] testClasses)
    {
        string assembly = testClasses[0].Assembly.Location;
        ProcessStartInfo start = new(Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        string[] arguments =
        [
            "exec",
            "--runtimeconfig", Path.ChangeExtension(assembly, ".runtimeconfig.json"),
            "--depsfile", Path.ChangeExtension(assembly, ".deps.json"),
            typeof(RunWithHardwareDisabled).Assembly.Location,
            assembly,
            width.ToString(),
            .. testClasses.Select(type => type.FullName!),
        ];
        foreach (string argument in arguments)
            start.ArgumentList.Add(argument);
        foreach ((string name, string value) in width.Environment())
            start.Environment[name] = value;

        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        if (!process.WaitForExit(TimeoutMilliseconds))
        {
            process.Kill(entireProcessTree: true);
            throw new InvalidOperationException($"The tests at {width} did not end.");
        }

        return process.ExitCode == 0
            ? int.Parse(output.Result, CultureInfo.InvariantCulture)
            : throw new InvalidOperationException($"At {width}: {output.Result}{errors.Result}");
    }

    private static int Main(string[] arguments)
    {
        VectorWidth width = Enum.Parse<VectorWidth>(arguments[1]);
        if (!width.IsInForce())
        {
            Console.Error.WriteLine($"The environment did not restrict the vectors to {width}.");
            return 1;
        }

        Assembly assembly = Assembly.LoadFrom(arguments[0]);
        MethodInfo[] methods = [.. arguments[2..].SelectMany(name => TestMethods(assembly.GetType(name, throwOnError: true)!))];
        foreach (MethodInfo method in methods)
        {
            try
            {
                method.Invoke(Activator.CreateInstance(method.DeclaringType!), null);
            }
            catch (TargetInvocationException failure)
            {
                Console.Error.WriteLine($"{method.DeclaringType!.Name}.{method.Name}: {failure.InnerException}");
                return 1;
            }
        }

        Console.WriteLine(methods.Length.ToString(CultureInfo.InvariantCulture));
        return 0;
    }

    private static IEnumerable<MethodInfo> TestMethods(Type type) => type.GetMethods().Where(method =>
        method.GetParameters().Length == 0
        && method.GetCustomAttributesData().Any(attribute => attribute.AttributeType.Name == "TestMethodAttribute"));
}
