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
            return Step.Run("Building and running samples/FashionClassifier", () =>
                CommandRunner.DotNet("run", "-c", "Release", "--project", "samples/FashionClassifier").In(repository.Root).Run());

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
