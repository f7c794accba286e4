using QuantBuild.Benchmarks.Builds;

namespace QuantBuild.Benchmarks.Kernels;

/// <summary>A kernel and what it is measured against.</summary>
/// <param name="Bytes">What the kernel reads and writes, and so does <paramref name="Copy"/>.</param>
/// <param name="Copy">Copies half as many bytes, which reads and writes as many.</param>
/// <param name="Scalar">The reference, for the same values.</param>
internal sealed record KernelRace(string Name, long Bytes, Action Kernel, Action Copy, Action Scalar)
{
    private const int Rounds = 15;

    /// <summary>References are slow, and their ratio needs no third digit.</summary>
    private const int ScalarRounds = 3;

    /// <summary>On one thread, which is the caller's; the first round only warms up.</summary>
    public KernelRow Run()
    {
        List<double> shares = [];
        List<double> kernelSeconds = [];
        List<double> copySeconds = [];
        List<double> scalarSeconds = [];
        for (int round = 0; round <= Rounds; round++)
        {
            bool isKernelFirst = round % 2 == 0;
            double first = Seconds(isKernelFirst ? Kernel : Copy);
            double second = Seconds(isKernelFirst ? Copy : Kernel);
            (double kernel, double copy) = isKernelFirst ? (first, second) : (second, first);
            if (round <= ScalarRounds)
                scalarSeconds.Add(Seconds(Scalar));
            if (round == 0)
                continue;
            kernelSeconds.Add(kernel);
            copySeconds.Add(copy);
            shares.Add(copy / kernel);
        }

        double typical = Spread.Of(kernelSeconds).Median;
        return new KernelRow(
            Name,
            Bytes,
            Bytes / typical / 1e9,
            Bytes / Spread.Of(copySeconds).Median / 1e9,
            Spread.Of(shares).Median,
            Spread.Of(scalarSeconds[1..]).Median / typical);
    }

    public static double Seconds(Action action)
    {
        TimeSpan start = ThreadClock.Now;
        action();
        return (ThreadClock.Now - start).TotalSeconds;
    }
}

/// <param name="GigabytesPerSecond">10⁹ bytes read and written, a second.</param>
/// <param name="MemcpyShare">Time of the copy ÷ time of the kernel, median of the rounds.</param>
/// <param name="SpeedUp">Time of the scalar reference ÷ time of the kernel.</param>
internal sealed record KernelRow(
    string Kernel, long Bytes, double GigabytesPerSecond, double MemcpyGigabytesPerSecond, double MemcpyShare, double SpeedUp);
