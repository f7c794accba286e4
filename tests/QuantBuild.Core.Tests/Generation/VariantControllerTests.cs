using QuantBuild.Generation.CSharp;

namespace QuantBuild.Core.Tests.Generation;

/// <summary>How an adaptive object changes between variants, in simulated time: the same in every run.</summary>
[TestClass]
public sealed class VariantControllerTests
{
    [TestMethod]
    [DataRow(new long[] { 70, 50, 20 }, 0, DisplayName = "All keep the budget")]
    [DataRow(new long[] { 130, 50, 20 }, 1, DisplayName = "The most accurate does not")]
    [DataRow(new long[] { 90, 50, 20 }, 1, DisplayName = "The most accurate keeps it without room")]
    [DataRow(new long[] { 400, 200, 300 }, 1, DisplayName = "None keeps it")]
    public void Begin_FirstCalls_MeasureAllThenTakeTheMostAccurateThatFits(long[] latencies, int expected)
    {
        var program = new SimulatedVariants(latencies);
        Assert.AreEqual(0, program.Controller.Current);

        program.Run(9);

        Assert.AreEqual("0:3 1:3 2:3", string.Join(' ', program.Calls.OrderBy(call => call.Key).Select(call => $"{call.Key}:{call.Value}")));
        Assert.AreEqual(expected, program.Controller.Current);
        Assert.AreEqual(expected, program.RunOne());
    }

    [TestMethod]
    public void Begin_SlowFirstCallOfASession_DoesNotCount()
    {
        var program = new SimulatedVariants(50, 20);
        var begun = new HashSet<int>();

        for (int i = 0; i < 6; i++)
            program.RunOne(variant => begun.Add(variant) ? 5000 : program.LatencyOf(variant));

        Assert.AreEqual(0, program.Controller.Current);
    }

    [TestMethod]
    public void Begin_CallsThatThrow_AreMeasuredAgain()
    {
        var program = new SimulatedVariants(50, 20);

        for (int i = 0; i < 10; i++)
            Assert.AreEqual(0, program.RunOne(_ => 1, succeeds: false));
        program.Run(6);

        Assert.AreEqual(3, program.Calls[1]);
        Assert.AreEqual(0, program.Controller.Current);
    }

    [TestMethod]
    public void End_LoadComes_MovesAfterThreeLateCalls()
    {
        SimulatedVariants program = new SimulatedVariants(70, 50, 20).Measured();
        program.Run(100);
        Assert.IsEmpty(program.Moves);

        program.Load = 3;
        program.Run(2);
        Assert.IsEmpty(program.Moves, "Two late calls of twenty are allowed.");
        program.Run(1);

        CollectionAssert.AreEqual(new[] { (0, 2) }, program.Moves, "The one between would be late too.");
        program.Run(5);
        Assert.AreEqual(60, program.Controller.RecentLatency);
    }

    [TestMethod]
    public void End_ModerateLoad_MovesToTheMostAccurateThatFits()
    {
        SimulatedVariants program = new SimulatedVariants(70, 40, 20).Measured();

        program.Load = 1.6;
        program.Run(300);

        CollectionAssert.AreEqual(new[] { (0, 1) }, program.Moves);
    }

    [TestMethod]
    public void End_LoadGoes_ComesBackThroughProbes()
    {
        SimulatedVariants program = new SimulatedVariants(70, 50, 20).Measured();
        program.Load = 3;
        program.Run(100);
        Assert.AreEqual(2, program.Controller.Current);

        program.Load = 1;
        program.Run(100);

        CollectionAssert.AreEqual(new[] { (0, 2), (2, 0) }, program.Moves);
        program.Run(500);
        Assert.HasCount(2, program.Moves);
    }

    [TestMethod]
    public void End_LoadGoesAfterManyLateProbes_ComesBackSoon()
    {
        SimulatedVariants program = new SimulatedVariants(70, 20).Measured();
        program.Load = 3;
        program.Run(5000);

        program.Load = 1;
        program.Run(100);

        CollectionAssert.AreEqual(new[] { (0, 1), (1, 0) }, program.Moves);
    }

    [TestMethod]
    public void End_BurstAfterALoadOfManyLateProbes_IsForgottenSoon()
    {
        SimulatedVariants program = new SimulatedVariants(70, 20).Measured();
        program.Load = 3;
        program.Run(5000);
        program.Load = 1;
        for (int call = 0; call < 5000 && program.Controller.Current == 1; call++)
            program.RunOne();
        program.Run(3);

        program.Load = 3;
        program.Run(3);
        Assert.AreEqual(1, program.Controller.Current);
        program.Load = 1;
        program.Run(200);

        CollectionAssert.AreEqual(new[] { (0, 1), (1, 0), (0, 1), (1, 0) }, program.Moves);
    }

    [TestMethod]
    public void End_LoadThatOnlyLongCallsMeet_IsSeenToGo()
    {
        SimulatedVariants program = new SimulatedVariants(70, 20).Measured();
        for (int i = 0; i < 240; i++)
            program.RunOne(variant => variant == 0 ? 700 : i % 5 == 0 ? 80 : 20);
        CollectionAssert.AreEqual(new[] { (0, 1) }, program.Moves);

        program.Run(100);

        CollectionAssert.AreEqual(new[] { (0, 1), (1, 0) }, program.Moves);
    }

    [TestMethod]
    public void End_LoadStays_NothingFlapsAndProbesAreRare()
    {
        SimulatedVariants program = new SimulatedVariants(70, 50, 20).Measured();
        program.Load = 3;

        program.Run(5000);

        CollectionAssert.AreEqual(new[] { (0, 2) }, program.Moves);
        Assert.IsLessThanOrEqualTo(15, program.Calls[0] + program.Calls.GetValueOrDefault(1));
    }

    [TestMethod]
    [DataRow(85, DisplayName = "Inside of the budget, with less room than it takes to move")]
    [DataRow(99, DisplayName = "Just inside of the budget")]
    public void End_VariantAtTheEdge_IsNotComeBackTo(int loaded)
    {
        SimulatedVariants program = new SimulatedVariants(70, 20).Measured();
        program.Load = 2;
        program.Run(20);

        program.Load = loaded / 70.0;
        program.Run(3000);

        CollectionAssert.AreEqual(new[] { (0, 1) }, program.Moves);
    }

    [TestMethod]
    public void End_Stragglers_MoveNothing()
    {
        SimulatedVariants program = new SimulatedVariants(70, 20).Measured();

        for (int i = 0; i < 1000; i++)
            program.RunOne(variant => i % 10 == 0 ? 5000 : program.LatencyOf(variant));

        Assert.IsEmpty(program.Moves);
    }

    [TestMethod]
    public void End_LoadThatSwingsFast_MovesEverMoreRarely()
    {
        SimulatedVariants program = new SimulatedVariants(70, 20).Measured();
        var movesOfPeriod = new List<int>();

        for (int period = 0; period < 64; period++)
        {
            int before = program.Moves.Count;
            program.Load = 3;
            program.Run(30);
            program.Load = 1;
            program.Run(30);
            movesOfPeriod.Add(program.Moves.Count - before);
        }

        Assert.IsGreaterThan(0, movesOfPeriod.Take(8).Sum());
        Assert.IsLessThanOrEqualTo(movesOfPeriod.Take(16).Sum() / 2, movesOfPeriod.Skip(48).Sum());
    }

    [TestMethod]
    public void End_LoadThatSwingsSlowly_IsFollowed()
    {
        SimulatedVariants program = new SimulatedVariants(70, 20).Measured();

        for (int period = 0; period < 10; period++)
        {
            program.Load = 3;
            program.Run(300);
            Assert.AreEqual(1, program.Controller.Current);
            program.Load = 1;
            program.Run(300);
            Assert.AreEqual(0, program.Controller.Current);
        }

        Assert.HasCount(20, program.Moves);
    }

    [TestMethod]
    public void End_WrongMeasurementAtTheStart_IsCorrectedByAProbe()
    {
        var program = new SimulatedVariants(70, 20);
        for (int i = 0; i < 6; i++)
            program.RunOne(variant => variant == 0 ? 700 : 20);
        Assert.AreEqual(1, program.Controller.Current);

        program.Run(10_000);

        Assert.AreEqual(0, program.Controller.Current);
        Assert.HasCount(2, program.Moves);
    }

    [TestMethod]
    public void End_NothingFaster_Stays()
    {
        SimulatedVariants program = new SimulatedVariants(70, 90).Measured();
        program.Load = 5;

        program.Run(500);

        Assert.IsEmpty(program.Moves);
    }

    [TestMethod]
    public void End_OneVariant_RunsEverything()
    {
        var program = new SimulatedVariants(500);

        program.Run(200);

        Assert.IsEmpty(program.Moves);
        Assert.AreEqual(200, program.Calls[0]);
    }

    [TestMethod]
    public void End_CallsThatBeganBeforeAMove_SayNothingOfTheNewVariant()
    {
        SimulatedVariants program = new SimulatedVariants(70, 20).Measured();
        VariantController.Call[] begun = [.. Enumerable.Range(0, 10).Select(_ => program.Controller.Begin())];
        program.Load = 3;
        program.Run(3);
        CollectionAssert.AreEqual(new[] { (0, 1) }, program.Moves);

        program.Now += 5000;
        foreach (VariantController.Call call in begun)
            program.Controller.End(call, succeeded: true);

        Assert.IsTrue(begun.All(call => call.Variant == 0), "They finish where they began.");
        Assert.HasCount(1, program.Moves);
        Assert.AreEqual(0, program.Controller.RecentLatency);
    }

    [TestMethod]
    public void Begin_WhileAProbeRuns_IsOnTheCurrentVariant()
    {
        SimulatedVariants program = new SimulatedVariants(70, 20).Measured();
        program.Load = 3;
        program.Run(30);
        program.Load = 1;
        program.Now += SimulatedVariants.ProbeInterval;
        var begun = new List<VariantController.Call>();
        for (int i = 0; i < 40 && !begun.Exists(call => call.Variant == 0); i++)
        {
            program.Now += 20;
            begun.Add(program.Controller.Begin());
            if (begun[^1].Variant == 1)
                EndFast(program, begun[^1]);
        }

        Assert.AreEqual(0, begun[^1].Variant, "A probe has begun.");
        for (int i = 0; i < 20; i++)
            Assert.AreEqual(1, program.RunOne());
        program.Controller.End(begun[^1], succeeded: true);

        static void EndFast(SimulatedVariants program, VariantController.Call call)
        {
            program.Now += 20;
            program.Controller.End(call, succeeded: true);
        }
    }

    [TestMethod]
    public void Close_WhileCallsRun_ReleasesAfterTheLastOnce()
    {
        SimulatedVariants program = new SimulatedVariants(70, 20).Measured();
        VariantController.Call first = program.Controller.Begin();
        VariantController.Call second = program.Controller.Begin();

        program.Controller.Close();
        program.Controller.Close();
        Assert.ThrowsExactly<ObjectDisposedException>(() => program.Controller.Begin());
        program.Controller.End(first, succeeded: true);
        Assert.AreEqual(0, program.Releases);
        program.Controller.End(second, succeeded: false);

        Assert.AreEqual(1, program.Releases);
    }

    [TestMethod]
    public void Close_NothingRuns_ReleasesAtOnce()
    {
        SimulatedVariants program = new SimulatedVariants(70, 20).Measured();

        program.Controller.Close();
        program.Controller.Close();

        Assert.AreEqual(1, program.Releases);
    }

    [TestMethod]
    public void Begin_ManyThreads_EveryCallEndsAndMovesFollowEachOther()
    {
        long now = 0;
        var moves = new List<(int From, int To)>();
        int released = 0;
        var controller = new VariantController(
            3, SimulatedVariants.Budget, SimulatedVariants.ProbeInterval, () => Interlocked.Increment(ref now),
            (from, to) =>
            {
                lock (moves)
                    moves.Add((from, to));
            },
            () => Interlocked.Increment(ref released),
            "Net");
        int ended = 0;

        Parallel.For(0, 20_000, new ParallelOptions { MaxDegreeOfParallelism = 4 }, _ =>
        {
            VariantController.Call call = controller.Begin();
            Assert.IsInRange(0, 2, call.Variant);
            Interlocked.Add(ref now, (3 - call.Variant) * (Interlocked.Read(ref now) % 20_000 < 10_000 ? 10 : 90));
            controller.End(call, succeeded: true);
            Interlocked.Increment(ref ended);
        });
        controller.Close();

        Assert.AreEqual((20_000, 1), (ended, released));
        Assert.IsTrue(moves.All(move => move.From != move.To));
    }
}
