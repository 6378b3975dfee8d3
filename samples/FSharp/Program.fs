module Samples.FSharp.Program

open System
open System.IO
open Strata
open Strata.Training

// Looks for the smallest network that tells noisy corners apart. F# has no source generators: each candidate is compiled at run time.
let size = 12

// A bright square in one of four corners.
let draw (random: Random) label =
    Array.init (size * size) (fun pixel ->
        let x, y = pixel % size, pixel / size
        let isLit = (x < 4) = (label % 2 = 0) && (y < 4) = (label / 2 = 0) && (x < 4 || x >= 8) && (y < 4 || y >= 8)
        2.6f * random.NextSingle() + (if isLit then 0.7f else 0.0f))

let data seed count =
    let random = Random seed
    let labels = Array.init count (fun _ -> random.Next 4)
    labels |> Array.collect (draw random), labels

let compile width =
    NetworkBuilder()
        .Input([| 1; size; size |])
        .Conv2D(width, 3, padding = 1).ReLU().MaxPool2D(2)
        .Branches(ReadOnlySpan [|
            Func<_, _>(fun (b: NetworkBuilder) -> b.Conv2D(width, 3, padding = 1))
            Func<_, _>(fun (b: NetworkBuilder) -> b) |]).Add()
        .ReLU().Flatten().Dense(4).Softmax().CrossEntropy()
        .Compile(NetworkOptions(Seed = 1UL))

let run (output: TextWriter) =
    let images, labels = data 1 1024
    let unseen, truth = data 2 512
    let tried =
        [ 1; 2; 4; 8 ] |> List.map (fun width ->
            use net = compile width
            use trainer = Trainer.For(net, 32, Adam(0.01)) :?> ClassificationTrainer
            trainer.Fit(images, labels, FitOptions(Epochs = 8)) |> ignore
            let accuracy = trainer.Evaluate(unseen, truth).Accuracy
            let parameters = net.Parameters |> Seq.sumBy (fun parameter -> parameter.Length)
            output.WriteLine $"{width} filters, {parameters,5} parameters: {accuracy:P1} of the unseen corners are right"
            width, accuracy)
    match tried |> List.tryFind (fun (_, accuracy) -> accuracy > 0.97) with
    | Some(width, _) -> output.WriteLine $"{width} filters are enough"
    | None -> output.WriteLine "none is good enough"

[<EntryPoint>]
let main _ =
    run Console.Out
    0
