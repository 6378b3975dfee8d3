using Xunit;

namespace Strata.Numerics.Tests;

/// <summary>Legal, but seldom written: names that are words of the generated code, and options at their ends.</summary>
public class OddNetworkTests
{
    [Fact]
    public void Odd_networks_compile_without_warnings_and_stay_inside_the_budget_of_the_JIT()
    {
        CompiledNetworks compiled = NetworkCompiler.CompileClasses(
            [
                // Names of members, types and aliases that the kernels use.
                """
                [Network, Input(4)]
                [Dense(3, Name = "math"), Dense(3, Name = "simd"), Dense(3, Name = "packing"), Dense(3, Name = "unsafe")]
                [Dense(3, Name = "createProgram"), ReLU(Name = "vector"), Dense(3, Name = "description"), Dense(3, Name = "dense1Layer")]
                [Dense(3, Name = "optimized"), Dense(3, Name = "blockThreshold"), Softmax(Name = "vectorMath")]
                [CrossEntropy]
                public partial class OddNames
                {
                    public struct DenseLayer;

                    public static int s_info;
                }
                """,

                // Nearly everything is dropped: the threshold of the random bits is the largest number.
                "[Network, Input(4), Dense(3), Dropout(0.9999999999), Dense(2), MeanSquaredError] public partial class OddDropout;",

                // One window over everything, and one of 4,096 elements.
                "[Network, Input(1, 40, 40), Conv2D(4, 1), ReLU, MaxPool2D(40), Flatten, Dense(2), "
                + "CrossEntropy] public partial class OddPool;",
                "[Network, Input(1, 64, 64), Conv2D(2, 1), MaxPool2D(64), Flatten, Dense(2), "
                + "CrossEntropy] public partial class OddGlobalPool;",

                // Each of 24 × 24 residues modulo the stride is a step of its own.
                """
                [Network, Input(1, 48, 48), Conv2D(2, 3, Padding = 1), Conv2D(2, 24, Stride = 24), Flatten, Dense(2), CrossEntropy]
                public partial class OddStride;
                """,
            ],
            "Odd");
        (JitBudget _, string[] over) = JitBudget.Measure(compiled.Image);
        Assert.True(over.Length == 0, string.Join('\n', over));
    }
}
