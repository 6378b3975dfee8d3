using System;
using Strata.Training;

namespace Strata;

/// <summary>
/// Makes a network trainable by a loss that the caller computes: <c>CreateTrainer</c> gives a <see cref="Trainer"/>, whose <c>Forward</c>,
/// <c>Backward</c> and <c>Update</c> are a training step around it. A network that declares losses is trainable without it, and its
/// trainer has these, too.
/// </summary>
/// <example>
/// <code>
/// [Network, Input(16), Dense(32), Tanh, Dense(8), ExternalLoss]
/// public partial class Embedding;
///
/// using Trainer trainer = net.CreateTrainer(batchSize: 64, new Adam());
/// trainer.Forward(inputs, outputs);                 // in training mode
/// ContrastiveLoss(outputs, gradients);              // yours: ∂loss/∂outputs
/// trainer.Backward(gradients);
/// trainer.Update();
/// </code>
/// </example>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = false, Inherited = false)]
public sealed class ExternalLossAttribute : StructureAttribute;
