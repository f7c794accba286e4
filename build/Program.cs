using QuantBuild.Build;

const string Usage = """
    usage: dotnet run --project build -- COMMAND

      feed [--all-platforms]   make sure that Microsoft.ML.OnnxRuntime can be restored; where no package source has it,
                               build/feed gets it, with the native libraries of this platform or of all
      pack                     feed, then pack QuantBuild into build/feed
      sample                   pack, then build and run samples/FashionClassifier
      test [ARGUMENT...]       pack, then run all tests; the arguments go to 'dotnet test'
    """;

try
{
    Repository repository = Repository.Find();
    OnnxRuntimeFeed feed = new(repository);
    PackageUnderTest package = new(repository);

    switch (args)
    {
        case ["feed"]:
            feed.Ensure(allPlatforms: false);
            return 0;

        case ["feed", "--all-platforms"]:
            feed.Ensure(allPlatforms: true);
            return 0;

        case ["pack"]:
            feed.Ensure(allPlatforms: false);
            package.Pack();
            return 0;

        case ["sample"]:
            feed.Ensure(allPlatforms: false);
            package.Pack();
            return RunSample(repository);

        case ["test", .. string[] testArguments]:
            feed.Ensure(allPlatforms: false);
            package.Pack();
            return new TestRun(repository).Run(testArguments);

        default:
            Console.Error.WriteLine(Usage);
            return 1;
    }
}
catch (BuildFailure failure)
{
    Console.Error.WriteLine($"error: {failure.Message}");
    return 1;
}

// Built in a step of its own, without the terminal logger, which hides QuantBuild's line about the model.
static int RunSample(Repository repository)
{
    const string sample = "samples/FashionClassifier";
    Step.Run($"Building {sample}", () =>
        CommandRunner.DotNet("build", sample, "-c", "Release", "--nologo", "-tl:off", "-v:m", "-clp:NoSummary").In(repository.Root).RunOrFail());
    return Step.Run($"Running {sample}", () =>
        CommandRunner.DotNet("run", "--no-build", "-c", "Release", "--project", sample).In(repository.Root).Run());
}
