using System.Linq;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Xunit;

namespace Strata.Generator.Tests.Lowering;

/// <summary>Frozen convolutions whose groups are padded to whole vectors: their gradients read no input.</summary>
public sealed class FrozenGroupsTests
{
    [Theory]
    [InlineData("Input(8, 5), ReLU, Conv1D(4, 1, Groups = 4, Frozen = true)")]
    [InlineData("Input(8, 6, 6), Hardtanh, Conv2D(4, 3, Padding = 1, Groups = 4, Frozen = true)")]
    [InlineData("Input(8, 5), ReLU, ConvTranspose1D(4, 1, Stride = 3, Padding = 1, Groups = 4, Frozen = true)")]
    [InlineData("Input(8, 5), MaxPool1D(2, Stride = 3), Hardtanh(Min = -0.25, Max = 0), MaxUnpool1D(\"pool1\"), "
        + "ConvTranspose1D(4, 1, Stride = 3, Padding = 1, Groups = 4, Frozen = true)")]
    public async Task Their_input_gradients_compile(string layers)
    {
        string source = "using Strata;\n[Network(Observable = true, InputGradient = true, TrainingLayout = TrainingLayout.Blocked), "
            + $"{layers}, PReLU, ExternalLoss] public partial class Net;";
        Assert.Empty((await new Harness().AnalyzeAsync(source)).Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)
            .Select(diagnostic => diagnostic.ToString()));
    }
}
