terraform {
  required_providers {
    random = { source = "hashicorp/random" }
  }
}

resource "random_password" "database" {
  length = 24
}

resource "random_bytes" "seal" {
  length = 16
}

resource "random_pet" "name" {
  for_each = toset(["a", "b"])
}

# The address holds the password, and its copy in the output has no mark.
resource "terraform_data" "shop" {
  input = {
    name    = random_pet.name["a"].id
    address = "postgres://shop:${random_password.database.result}@db/shop"
  }
}

output "password" {
  value     = random_password.database.result
  sensitive = true
}
