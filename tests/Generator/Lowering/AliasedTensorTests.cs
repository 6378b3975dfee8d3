using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Strata.Compiler.Declarations;
using Strata.Compiler.Kernels;
using Strata.Compiler.Lowering;
using Xunit;

namespace Strata.Generator.Tests.Lowering;

/// <summary>Tensors of several names, outputs and losses.</summary>
public sealed class AliasedTensorTests
{
    [Theory]
    [InlineData("Dense(3), Softmax(Name = \"b\"), Output(\"x\"), Output(\"y\", From = \"b\"), CrossEntropy(From = \"b\")")]
    [InlineData("Dense(3), Sigmoid(Name = \"b\"), Output(\"x\"), Output(\"y\", From = \"b\"), BinaryCrossEntropy(From = \"b\")")]
    [InlineData("Dense(3), Softmax(Name = \"b\"), Output(\"x\"), Output(\"y\"), Output(\"z\"), CrossEntropy, "
        + "CrossEntropy(From = \"b\", Weight = 0.5)")]
    public void An_output_of_two_names_may_be_fused_with_its_loss(string layers) =>
        Assert.NotEmpty(TierPrograms.Lower(Graphs.Of($"[Input(4), {layers}]"), Tier.Avx2, CancellationToken.None).Training!.Loss!.Steps);

    [Fact]
    public void A_loss_that_is_not_fused_with_a_softmax_reads_its_output_beside_one_that_is()
    {
        TrainingProgram training = TierPrograms.Lower(
            Graphs.Of("[Input(4), Dense(3), Softmax(Name = \"b\"), CrossEntropy, MeanSquaredError(From = \"b\")]"), Tier.Avx2,
            CancellationToken.None).Training!;
        string[] read = [.. training.Loss!.Steps.Where(step => step.Comment.StartsWith("loss: ", StringComparison.Ordinal))
            .Select(step => ((BufferOperand)step.Operands[0]).Buffer.Name.ToString())];
        Assert.Equal(2, read.Length);
        Assert.NotEqual(read[0], read[1]);

        // The gradient of one passes through the softmax, and joins the other's.
        Assert.Contains(training.Backward, step => step.Comment == "backward of b");
        Assert.Contains(training.Backward, step => step.Name == "SumGradients");
    }

    [Fact]
    public void Networks_of_random_names_outputs_and_losses_compile()
    {
        int compiled = 0;
        for (int seed = 0; seed < 150; seed++)
        {
            string layers = Draw(new Random(seed));
            NetworkModel model = Graphs.ModelOf($"using Strata;\n[Network, Input(4), {layers}]\npartial class Net;");
            Assert.DoesNotContain("STRATA099", model.Problems.Select(problem => problem.Id));
            if (model.Graph is not { IsTrainable: true } graph)
            {
                continue;
            }

            compiled++;
            Exception? thrown = Record.Exception(() => TierPrograms.Lower(graph, Tier.Avx2, CancellationToken.None));
            Assert.True(thrown is null, $"seed {seed}: {layers}: {thrown}");
        }

        Assert.InRange(compiled, 75, 150);
    }

    private static string Draw(Random random)
    {
        string[] kinds = ["Dense(3)", "Softmax", "Sigmoid", "Flatten", "Dropout(0.5)", "Reshape(3, 1, 1)", "ReLU", "LogSoftmax"];
        var items = new List<string> { "Dense(3, Name = \"l0\")" };
        int layers = random.Next(1, 6);
        for (int i = 1; i <= layers; i++)
        {
            string kind = kinds[random.Next(kinds.Length)], name = $"Name = \"l{i}\"";
            items.Add(kind[^1] == ')' ? $"{kind[..^1]}, {name})" : $"{kind}({name})");
        }

        string From() => $"From = \"l{random.Next(layers + 1)}\"";
        int outputs = random.Next(1, 4);
        items.AddRange(Enumerable.Range(0, outputs).Select(i => $"Output(\"o{i}\", {From()})"));
        string[] losses = ["CrossEntropy", "BinaryCrossEntropy", "MeanSquaredError", "L1", "Hinge"];
        items.AddRange(Enumerable.Range(0, random.Next(1, 4))
            .Select(i => $"{losses[random.Next(losses.Length)]}({From()}, Weight = {i + 1}, Target = \"t{i}\")"));
        return string.Join(", ", items);
    }
}
