using QuantBuild.Onnx.Schema;

namespace QuantBuild.Testing;

/// <summary>Makes large weights one by one and writes them beside the model. Each follows from its name.</summary>
internal sealed class CorrelatedWeights(GraphProto graph, ExternalDataFile file)
{
    /// <summary>Of the variance, in the part that channels share.</summary>
    private const float SharedPower = 0.3f;

    /// <summary>One weight in so many is far outside, so many times as large as others.</summary>
    private const int OutlierEvery = 2000;

    private const float OutlierFactor = 6;

    /// <summary>Channels differ in size by a factor of e to the power of a normal value of this spread.</summary>
    private const float SpreadOfChannels = 0.4f;

    /// <param name="name">Of the initializer, [rows, columns]; a column is an output channel.</param>
    /// <param name="rank">Of the part that channels share.</param>
    public void Append(string name, int rows, int columns, int rank)
    {
        var noise = new Noise(name);
        float[] left = [.. Enumerable.Range(0, rows * rank).Select(_ => noise.Next())];
        float[] right = [.. Enumerable.Range(0, rank * columns).Select(_ => noise.Next() * MathF.Sqrt(SharedPower / rank))];
        float[] sizes = [.. Enumerable.Range(0, columns).Select(_ => MathF.Exp(SpreadOfChannels * noise.Next()) / MathF.Sqrt(rows))];
        float own = MathF.Sqrt(1 - SharedPower);
        var values = new float[(long)rows * columns];
        for (int row = 0, i = 0; row < rows; row++)
            for (int column = 0; column < columns; column++, i++)
            {
                float shared = 0;
                for (int r = 0; r < rank; r++)
                    shared += left[(row * rank) + r] * right[(r * columns) + column];
                float value = noise.Next() * own;
                values[i] = sizes[column] * (shared + (i % OutlierEvery == row % OutlierEvery ? OutlierFactor * value : value));
            }
        graph.Initializer.Add(file.Append(name, [rows, columns], values));
    }

    /// <summary>A row for every word: the centre of its topic and what is its own, shorter for frequent words, which come first.</summary>
    public void AppendEmbeddings(string name, int words, int width, int topics)
    {
        var noise = new Noise(name);
        float[] centres = [.. Enumerable.Range(0, topics * width).Select(_ => noise.Next())];
        var values = new float[(long)words * width];
        for (int word = 0, i = 0; word < words; word++)
        {
            float length = 0.5f + (0.1f * MathF.Log(1 + word));
            int topic = word % topics * width;
            for (int column = 0; column < width; column++, i++)
                values[i] = length * ((0.6f * centres[topic + column]) + (0.8f * noise.Next()));
        }
        graph.Initializer.Add(file.Append(name, [words, width], values));
    }

    /// <summary>Sums of four uniform values, nearly normal with variance 1, from a linear congruential generator, which is fast.</summary>
    private sealed class Noise(string seed)
    {
        /// <summary>Four values from −2¹⁵ to 2¹⁵ have a variance of 4 · 2³⁰ / 3.</summary>
        private static readonly float Scale = MathF.Sqrt(0.75f) / 32768;

        private ulong state = seed.Aggregate(14695981039346656037, (hash, character) => (hash ^ character) * 1099511628211);

        public float Next()
        {
            state = (state * 6364136223846793005) + 1442695040888963407;
            long sum = (short)(state >> 48) + (short)(state >> 32) + (short)(state >> 24) + (short)(state >> 40);
            return sum * Scale;
        }
    }
}
