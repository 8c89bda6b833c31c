-- Asks for a different user in every request; users 1 to 943 are those of MovieLens 100K.
math.randomseed(42)

request = function()
    return wrk.format("GET", "/recommend?user_id=" .. math.random(943) .. "&top_k=5")
end
